using HaCluster.Engine;
using HaCluster.Engine.Graph;

namespace HaCluster.Stack.Tests.Wire;

/// <summary>The program as an engine runs it: its own process, the real protocol, every registration checked against the providers' schemas.</summary>
public class ProgramOnTheWireTests
{
    [Theory]
    [InlineData("prod", RunMode.Preview)]
    [InlineData("prod", RunMode.Simulated)]
    [InlineData("dev", RunMode.Preview)]
    [InlineData("dev", RunMode.Simulated)]
    public async Task The_ready_stacks_are_accepted(string stack, RunMode mode)
    {
        var result = await RunAsync(StackFile.Config(stack), stack, mode);

        Assert.Empty(result.Diagnostics);
        Assert.Equal(ProgramOutcome.Succeeded, result.Outcome);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task A_region_is_enough() =>
        Assert.Equal(ProgramOutcome.Succeeded, (await RunAsync(new() { ["aws:region"] = "eu-west-1" }, "minimal", RunMode.Simulated)).Outcome);

    [Fact]
    public async Task Things_come_up_in_an_order_that_works()
    {
        var graph = (await RunAsync(StackFile.Config("prod"), "prod", RunMode.Simulated)).Graph;

        AssertAfter(graph, "aws:eks/cluster:Cluster", "cluster", "aws:cloudwatch/logGroup:LogGroup", "cluster");
        foreach (var group in new[] { "system", "general", "stateful-1", "stateful-2", "stateful-3" })
        {
            foreach (var addon in new[] { "vpc-cni", "kube-proxy", "eks-pod-identity-agent" })
                AssertAfter(graph, "aws:eks/nodeGroup:NodeGroup", group, "aws:eks/addon:Addon", addon);
            foreach (var step in new[] { "private-1", "private-2", "private-3", "public-1", "public-2", "public-3" })
            {
                AssertAfter(graph, "aws:eks/nodeGroup:NodeGroup", group, "aws:ec2/route:Route", step);
                AssertAfter(graph, "aws:eks/nodeGroup:NodeGroup", group, "aws:ec2/routeTableAssociation:RouteTableAssociation", step);
            }

            foreach (var endpoint in new[] { "ecr-api", "s3" })
                AssertAfter(graph, "aws:eks/nodeGroup:NodeGroup", group, "aws:ec2/vpcEndpoint:VpcEndpoint", endpoint);
        }

        foreach (var addon in new[] { "coredns", "aws-ebs-csi-driver", "metrics-server", "snapshot-controller" })
            AssertAfter(graph, "aws:eks/addon:Addon", addon, "aws:eks/nodeGroup:NodeGroup", "system");
        AssertAfter(graph, "kubernetes:helm.sh/v3:Release", "cluster-autoscaler", "aws:eks/addon:Addon", "coredns");
        AssertAfter(graph, "kubernetes:helm.sh/v3:Release", "cluster-autoscaler", "aws:iam/rolePolicy:RolePolicy", "cluster-autoscaler");
        AssertAfter(graph, "aws:eks/addon:Addon", "vpc-cni", "aws:iam/rolePolicyAttachment:RolePolicyAttachment", "vpc-cni-AmazonEKS_CNI_Policy");
        AssertAfter(graph, "aws:eks/addon:Addon", "aws-ebs-csi-driver", "aws:iam/rolePolicy:RolePolicy", "ebs-csi");
        AssertAfter(graph, "kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshotClass", "ebs", "aws:eks/addon:Addon", "snapshot-controller");
        AssertAfter(graph, "kubernetes:helm.sh/v3:Release", "cert-manager", "kubernetes:helm.sh/v3:Release", "prometheus-operator-crds");
        AssertAfter(graph, "kubernetes:helm.sh/v3:Release", "external-secrets", "aws:eks/podIdentityAssociation:PodIdentityAssociation", "external-secrets");
        AssertAfter(graph, "kubernetes:cert-manager.io/v1:ClusterIssuer", "internal-ca-issuer", "kubernetes:cert-manager.io/v1:Certificate", "internal-ca");
        AssertAfter(graph, "kubernetes:external-secrets.io/v1:ExternalSecret", "payments-mysql", "kubernetes:external-secrets.io/v1:ClusterSecretStore", "aws");
        AssertAfter(graph, "aws:rds/clusterInstance:ClusterInstance", "mysql-2", "aws:rds/clusterInstance:ClusterInstance", "mysql-1");
        AssertAfter(graph, "aws:rds/cluster:Cluster", "mysql", "aws:cloudwatch/logGroup:LogGroup", "mysql-slowquery");
        AssertAfter(graph, "aws:ec2/natGateway:NatGateway", "nat-1", "aws:ec2/internetGateway:InternetGateway", "network");
    }

    [Fact]
    public async Task Subnets_stay_and_sizes_are_the_autoscalers()
    {
        var graph = (await RunAsync(StackFile.Config("prod"), "prod", RunMode.Preview)).Graph;

        Assert.All(graph.Resources.Where(node => node.Type == "aws:ec2/subnet:Subnet"), node => Assert.Equal("availabilityZone", Assert.Single(node.Options.IgnoreChanges)));
        Assert.All(
            graph.Resources.Where(node => node.Type == "aws:eks/nodeGroup:NodeGroup"), node => Assert.Equal("scalingConfig.desiredSize", Assert.Single(node.Options.IgnoreChanges)));
    }

    [Fact]
    public async Task Every_object_of_kubernetes_goes_through_the_one_connection()
    {
        var graph = (await RunAsync(StackFile.Config("prod"), "prod", RunMode.Preview)).Graph;

        var objects = graph.Resources.Where(node => node.Type.StartsWith("kubernetes:", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(objects);
        Assert.All(objects, node => Assert.Contains("pulumi:providers:kubernetes::kubernetes::", node.Provider, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_region_with_fewer_zones_gives_one_message()
    {
        var result = await RunAsync(new() { ["aws:region"] = "eu-central-1", ["ha-cluster:zones"] = "6" }, "minimal", RunMode.Preview);

        Assert.NotEqual(ProgramOutcome.Succeeded, result.Outcome);
        var error = Assert.Single(Errors(result));
        Assert.StartsWith("ha-cluster:zones is 6; eu-central-1 has 3 zones that EKS can use", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.DoesNotContain(result.Graph.Resources, node => node.IsCustom);
    }

    [Fact]
    public async Task An_unknown_region_gives_one_message()
    {
        var result = await RunAsync(new() { ["aws:region"] = "eu-nowhere-1" }, "minimal", RunMode.Preview);

        Assert.Equal(32, result.ExitCode);
        var error = Assert.Single(Errors(result));
        Assert.StartsWith("aws:region is eu-nowhere-1; its zones could not be looked up", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_wrong_settings_come_in_one_message_without_a_stack_trace()
    {
        var result = await RunAsync(new() { ["aws:region"] = "eu-central-1", ["ha-cluster:zones"] = "1", ["ha-cluster:natt"] = "single" }, "minimal", RunMode.Preview);

        Assert.Equal(32, result.ExitCode);
        Assert.Equal(
            [
                "ha-cluster:zones is 1; a cluster that survives the loss of a zone needs 2 or more (3 recommended)",
                "ha-cluster:natt is not a setting; did you mean nat?",
            ],
            Assert.Single(Errors(result)).Split('\n'));
    }

    private static Task<DeploymentResult> RunAsync(Dictionary<string, string> config, string stack, RunMode mode)
    {
        return EmbeddedEngine.RunAsync(new DeploymentRequest
        {
            Program = new ProgramStart("dotnet", [BuiltStack.Program], BuiltStack.Directory),
            Project = "ha-cluster",
            Stack = stack,
            RootDirectory = StackFile.Root,
            Config = config,
            Mode = mode,
            SilenceLimit = Waiting.Limit,
        });
    }

    private static string[] Errors(DeploymentResult result) =>
        [.. result.Graph.Logs.Where(log => log.Severity == LogSeverity.Error).Select(log => log.Message)];

    private static void AssertAfter(ResourceGraph graph, string laterType, string laterName, string earlierType, string earlierName)
    {
        var later = graph.Resources.Single(node => node.Type == laterType && node.Name == laterName);
        var earlier = graph.Resources.Single(node => node.Type == earlierType && node.Name == earlierName);
        Assert.Contains(earlier.Urn, later.Dependencies);
    }
}
