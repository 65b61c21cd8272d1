using System.Text.Json.Nodes;
using HaCluster.Twin.Tests.World;
using HaCluster.Twin.World;

namespace HaCluster.Twin.Tests.Aws;

/// <summary>The real AWS CLI against the twin of prod, as a person types it.</summary>
public sealed class CommandLineTests(CommandLineTests.ProdTwin prod) : IClassFixture<CommandLineTests.ProdTwin>
{
    private static readonly string? Aws = Programs.Find("aws");

    private LocalTwin Twin => prod.Twin;

    [SkippableTheory]
    [InlineData("sts get-caller-identity", "Arn", "arn:aws:iam::")]
    [InlineData("ec2 describe-subnets", "Subnets[0].SubnetId", "subnet-")]
    [InlineData("ec2 describe-nat-gateways", "NatGateways[0].State", "available")]
    [InlineData("ec2 describe-volumes", "Volumes[0].VolumeId", "vol-")]
    [InlineData("rds describe-db-instances", "DBInstances[0].DBInstanceStatus", "available")]
    [InlineData("autoscaling describe-auto-scaling-groups", "AutoScalingGroups[0].Instances[0].LifecycleState", "InService")]
    [InlineData("elbv2 describe-load-balancers", "LoadBalancers[0].State.Code", "active")]
    [InlineData("arc-zonal-shift list-managed-resources", "items[0].arn", "arn:aws:")]
    [InlineData("service-quotas list-service-quotas --service-code vpc", "Quotas[0].ServiceCode", "vpc")]
    [InlineData("ec2 describe-vpcs", "Vpcs[0].VpcId", "vpc-")]
    [InlineData("ec2 describe-internet-gateways", "InternetGateways[0].InternetGatewayId", "igw-")]
    [InlineData("ec2 describe-vpc-endpoints --filters Name=vpc-endpoint-type,Values=Gateway", "VpcEndpoints[0].VpcEndpointType", "Gateway")]
    [InlineData("ec2 describe-instance-types --instance-types m7i.xlarge", "to_string(InstanceTypes[0].VCpuInfo.DefaultVCpus)", "4")]
    [InlineData("iam list-roles", "Roles[0].Arn", "arn:aws:iam::")]
    [InlineData("iam list-policies --scope Local", "type(Policies)", "array")]
    [InlineData("iam list-open-id-connect-providers", "type(OpenIDConnectProviderList)", "array")]
    [InlineData("s3api list-buckets", "Buckets[0].Name", "ha-cluster-")]
    [InlineData("logs describe-log-groups", "logGroups[0].arn", "arn:aws:logs:")]
    public async Task It_reads(string command, string query, string start)
    {
        var answer = await OkAsync($"{command} --query {query}");

        var text = answer is JsonValue value ? (string)value! : answer?.ToJsonString() ?? "null";
        Assert.NotEqual("null", text);
        Assert.StartsWith(start, text, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task It_reads_the_cluster_and_its_node_groups_by_name()
    {
        var cluster = (await OkAsync($"eks describe-cluster --name {Twin.Aws.ClusterName}"))!["cluster"]!;
        Assert.Equal((Twin.Kubernetes.Url.GetLeftPart(UriPartial.Authority), "ACTIVE"), ((string?)cluster["endpoint"], (string?)cluster["status"]));
        var groups = (await OkAsync($"eks list-nodegroups --cluster-name {Twin.Aws.ClusterName}"))!["nodegroups"]!.AsArray().Select(name => (string)name!).ToList();
        var group = (await OkAsync($"eks describe-nodegroup --cluster-name {Twin.Aws.ClusterName} --nodegroup-name {groups[0]}"))!["nodegroup"]!;

        Assert.Equal((groups[0], "ACTIVE"), ((string?)group["nodegroupName"], (string?)group["status"]));
        Assert.True((int)group["scalingConfig"]!["desiredSize"]! > 0);
    }

    [SkippableFact]
    public async Task A_higher_quota_is_requested_once()
    {
        const string Vpcs = "--service-code vpc --quota-code L-F678F1CE";
        var before = (double)(await OkAsync($"service-quotas get-service-quota {Vpcs} --query Quota.Value"))!;
        Assert.Contains("(IllegalArgumentException)", (await RunAsync($"service-quotas request-service-quota-increase {Vpcs} --desired-value {before}")).Error, StringComparison.Ordinal);

        Assert.Equal("PENDING", (string?)await OkAsync($"service-quotas request-service-quota-increase {Vpcs} --desired-value {before + 5} --query RequestedQuota.Status"));
        Assert.Contains("(ResourceAlreadyExistsException)", (await RunAsync($"service-quotas request-service-quota-increase {Vpcs} --desired-value {before + 9}")).Error, StringComparison.Ordinal);
        Assert.Equal(before + 5, (double)(await OkAsync($"service-quotas list-requested-service-quota-change-history-by-quota {Vpcs} --query RequestedQuotas[0].DesiredValue"))!);
        // Nobody has decided yet.
        Assert.Equal(before, (double)(await OkAsync($"service-quotas get-service-quota {Vpcs} --query Quota.Value"))!);
    }

    [SkippableFact]
    public async Task Lists_come_in_pages_that_it_puts_together()
    {
        const string Count = "length(Reservations[].Instances[])";
        var all = (int)(await OkAsync($"ec2 describe-instances --query {Count}"))!;
        Assert.True(all > 5, $"{all} instances");

        Assert.Equal(all, (int)(await OkAsync($"ec2 describe-instances --page-size 5 --query {Count}"))!);
        var first = (await OkAsync("ec2 describe-instances --max-items 5"))!;
        var rest = (await OkAsync($"ec2 describe-instances --starting-token {(string)first["NextToken"]!}"))!;
        Assert.Equal((5, all - 5), (first["Reservations"]!.AsArray().Count, rest["Reservations"]!.AsArray().Count));
        var pages = await OkAsync($"eks list-nodegroups --cluster-name {Twin.Aws.ClusterName} --page-size 1 --query length(nodegroups)");
        Assert.Equal((int)(await OkAsync($"eks list-nodegroups --cluster-name {Twin.Aws.ClusterName} --query length(nodegroups)"))!, (int)pages!);
    }

    [SkippableTheory]
    [InlineData("ec2 terminate-instances --instance-ids i-0123456789abcdef0", "(InvalidInstanceID.NotFound) when calling the TerminateInstances operation")]
    [InlineData("ec2 run-instances --image-id ami-1", "(InvalidAction) when calling the RunInstances operation")]
    [InlineData("eks describe-cluster --name other", "(ResourceNotFoundException) when calling the DescribeCluster operation: No cluster found for name: other.")]
    [InlineData("rds failover-db-cluster --db-cluster-identifier other", "(DBClusterNotFoundFault) when calling the FailoverDBCluster operation")]
    [InlineData("autoscaling set-desired-capacity --auto-scaling-group-name other --desired-capacity 1", "(ValidationError) when calling the SetDesiredCapacity operation")]
    [InlineData("elbv2 describe-target-health --target-group-arn arn:aws:elasticloadbalancing:eu-central-1:1:targetgroup/a/b", "(TargetGroupNotFound) when calling the DescribeTargetHealth operation")]
    [InlineData("arc-zonal-shift start-zonal-shift --resource-identifier arn:aws:eks:eu-central-1:1:cluster/a --away-from euc1-az1 --expires-in 1h --comment c", "(ResourceNotFoundException) when calling the StartZonalShift operation")]
    [InlineData("service-quotas get-service-quota --service-code vpc --quota-code L-0", "(NoSuchResourceException) when calling the GetServiceQuota operation")]
    public async Task It_shows_errors_as_those_of_aws(string command, string error)
    {
        var ended = await RunAsync(command);

        // Of version 2 and of version 1 (https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-returncodes.html).
        Assert.True(ended.ExitCode is 254 or 255, $"ended with {ended.ExitCode}: {ended.Text}");
        Assert.Contains(error, ended.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_wrong_secret_is_refused_in_the_words_of_each_service()
    {
        var wrong = new Dictionary<string, string?>(StringComparer.Ordinal) { ["AWS_SECRET_ACCESS_KEY"] = "wrong" };

        Assert.Contains("(SignatureDoesNotMatch)", (await RunAsync("sts get-caller-identity", wrong)).Error, StringComparison.Ordinal);
        Assert.Contains("(AuthFailure)", (await RunAsync("ec2 describe-instances", wrong)).Error, StringComparison.Ordinal);
        Assert.Contains("(InvalidSignatureException)", (await RunAsync("eks list-clusters", wrong)).Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_zone_is_shifted_away_and_back()
    {
        var arn = (string)(await OkAsync($"eks describe-cluster --name {Twin.Aws.ClusterName} --query cluster.arn"))!;
        var zone = (await OkAsync("ec2 describe-availability-zones --query AvailabilityZones[0]"))!;
        var shift = (await OkAsync($"arc-zonal-shift start-zonal-shift --resource-identifier {arn} --away-from {(string)zone["ZoneId"]!} --expires-in 1h --comment drill"))!;
        Assert.Equal("ACTIVE", (string?)shift["status"]);
        Assert.Equal((string)zone["ZoneName"]!, Assert.Single(Twin.World.Run.ShiftedZones));

        Assert.Equal("CANCELED", (string?)(await OkAsync($"arc-zonal-shift cancel-zonal-shift --zonal-shift-id {(string)shift["zonalShiftId"]!}"))!["status"]);
        Assert.Empty(Twin.World.Run.ShiftedZones);
    }

    [SkippableFact]
    public async Task A_writer_fails_over_and_a_node_group_grows()
    {
        const string Writer = "--query DBClusters[0].DBClusterMembers[?IsClusterWriter].DBInstanceIdentifier|[0]";
        var database = (string)(await OkAsync("rds describe-db-clusters --query DBClusters[0].DBClusterIdentifier"))!;
        var before = (string)(await OkAsync($"rds describe-db-clusters --db-cluster-identifier {database} {Writer}"))!;
        await OkAsync($"rds failover-db-cluster --db-cluster-identifier {database}");
        await Waiting.UntilAsync("another writer", async () => (string)(await OkAsync($"rds describe-db-clusters --db-cluster-identifier {database} {Writer}"))! != before);

        var group = (string)(await OkAsync($"eks list-nodegroups --cluster-name {Twin.Aws.ClusterName} --query nodegroups[0]"))!;
        var scaling = (await OkAsync($"eks describe-nodegroup --cluster-name {Twin.Aws.ClusterName} --nodegroup-name {group} --query nodegroup.scalingConfig"))!;
        var wanted = (int)scaling["desiredSize"]! + 1;
        var update = (await OkAsync($"eks update-nodegroup-config --cluster-name {Twin.Aws.ClusterName} --nodegroup-name {group} --scaling-config desiredSize={wanted},maxSize={Math.Max(wanted, (int)scaling["maxSize"]!)}"))!["update"]!;
        await Waiting.UntilAsync("the update", async () => (string?)(await OkAsync($"eks describe-update --name {Twin.Aws.ClusterName} --nodegroup-name {group} --update-id {(string)update["id"]!} --query update.status")) == "Successful");
        Assert.Equal(wanted, (int)(await OkAsync($"eks describe-nodegroup --cluster-name {Twin.Aws.ClusterName} --nodegroup-name {group} --query nodegroup.scalingConfig.desiredSize"))!);
    }

    /// <summary>Two real programs: the AWS CLI writes the kubeconfig and makes the token, kubectl runs it.</summary>
    [SkippableFact]
    public async Task Kubectl_calls_the_cluster_with_a_kubeconfig_and_tokens_of_the_aws_cli()
    {
        var kubectl = Programs.Find("kubectl");
        Skip.If(kubectl is null, "kubectl is not installed (Debian: kubernetes-client)");
        var home = prod.Folder;
        var kubeconfig = Path.Combine(home, "kubeconfig");
        var ended = await RunAsync($"eks update-kubeconfig --name {Twin.Aws.ClusterName} --kubeconfig {kubeconfig}");
        Assert.True(ended.Succeeded, ended.Text);
        Assert.Contains("get-token", File.ReadAllText(kubeconfig), StringComparison.Ordinal);

        var environment = Environment(("KUBECONFIG", kubeconfig), ("HOME", home));
        var nodes = await Programs.RunAsync(kubectl!, ["get", "nodes", "-o", "name"], environment: environment);
        Assert.True(nodes.Succeeded, nodes.Text);
        Assert.Equal(Twin.World.Run.State.Nodes.Count, nodes.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        environment["AWS_SECRET_ACCESS_KEY"] = "wrong";
        var refused = await Programs.RunAsync(kubectl!, ["get", "nodes"], environment: environment);
        Assert.False(refused.Succeeded);
        Assert.Contains("You must be logged in to the server", refused.Error, StringComparison.Ordinal);
    }

    private Dictionary<string, string?> Environment(params ReadOnlySpan<(string Name, string Value)> more)
    {
        var environment = Twin.Environment.ToDictionary(pair => pair.Key, pair => (string?)pair.Value, StringComparer.Ordinal);
        (environment["AWS_PAGER"], environment["AWS_EC2_METADATA_DISABLED"]) = ("", "true");
        foreach (var (name, value) in more)
            environment[name] = value;
        return environment;
    }

    private async Task<Ended> RunAsync(string command, IReadOnlyDictionary<string, string?>? more = null)
    {
        Skip.If(Aws is null, "the AWS CLI is not installed (Debian: awscli)");
        var environment = Environment();
        foreach (var (name, value) in more ?? new Dictionary<string, string?>())
            environment[name] = value;
        // Versions before 2.13 do not read AWS_ENDPOINT_URL.
        return await Programs.RunAsync(Aws!, ["--endpoint-url", Twin.Aws.Url.GetLeftPart(UriPartial.Authority), "--output", "json", .. command.Split(' ')], environment: environment);
    }

    private async Task<JsonNode?> OkAsync(string command)
    {
        var ended = await RunAsync(command);
        Assert.True(ended.Succeeded, $"aws {command}: {ended.Text}");
        return JsonNode.Parse(ended.Output);
    }

    /// <summary>Quick enough for what grows, and so slow that a quota is not decided on before the next commands have asked about it.</summary>
    public sealed class ProdTwin : IAsyncLifetime
    {
        internal LocalTwin Twin { get; private set; } = null!;

        internal string Folder { get; } = Directory.CreateTempSubdirectory("twin-").FullName;

        public async Task InitializeAsync() => Twin = await LocalTwin.StartAsync(await PlannedStack.Of("prod"), WorldClock.Running(TimeProvider.System, 20));

        public async Task DisposeAsync()
        {
            await Twin.DisposeAsync();
            Directory.Delete(Folder, recursive: true);
        }
    }
}
