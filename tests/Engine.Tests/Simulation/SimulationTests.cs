using HaCluster.Engine.Graph;
using HaCluster.Engine.Tests.Registration;
using HaCluster.Engine.Values;
using static HaCluster.Engine.Tests.Registration.MonitorHarness;

namespace HaCluster.Engine.Tests.Simulation;

public sealed class SimulationTests
{
    [Fact]
    public void A_cluster_and_its_nodes_look_like_real_ones()
    {
        var monitor = new MonitorHarness(RunMode.Simulated);
        var nodes = Declare(monitor);

        Assert.StartsWith("vpc-", nodes["vpc"].Id, StringComparison.Ordinal);
        Assert.Equal("eu-central-1a", nodes["subnet"].Outputs["availabilityZone"].AsText());
        Assert.Equal("euc1-az2", nodes["subnet"].Outputs["availabilityZoneId"].AsText());
        Assert.Matches(@"^arn:aws:iam::123456789012:role/role-[0-9a-f]{7}\z", nodes["role"].Outputs["arn"].AsText());
        var cluster = nodes["cluster"];
        Assert.Matches(@"^https://[0-9A-F]{32}\.gr7\.eu-central-1\.eks\.amazonaws\.com\z", cluster.Outputs["endpoint"].AsText());
        Assert.NotEmpty(Convert.FromBase64String(cluster.Outputs["certificateAuthority"].AsMap()!["data"].AsText()!));
        Assert.Equal(nodes["vpc"].Id, cluster.Outputs["vpcConfig"].AsMap()!["vpcId"].AsText());
        var resources = (PropertyValue.List)nodes["group"].Outputs["resources"];
        var groups = (PropertyValue.List)resources.Items[0].AsMap()!["autoscalingGroups"];
        Assert.StartsWith("eks-group-", groups.Items[0].AsMap()!["name"].AsText(), StringComparison.Ordinal);
        var map = nodes["map"].Outputs["metadata"].AsMap()!;
        Assert.Equal("default", map["namespace"].AsText());
        Assert.Equal($"default/{map["name"].AsText()}", nodes["map"].Id);
    }

    [Fact]
    public void Every_run_gives_the_same_and_every_required_output_a_known_value()
    {
        var first = Declare(new MonitorHarness(RunMode.Simulated));
        var second = Declare(new MonitorHarness(RunMode.Simulated));

        foreach (var (name, node) in first)
        {
            Assert.Equal(node.Id, second[name].Id);
            Assert.Equal(new PropertyValue.Map(node.Outputs), new PropertyValue.Map(second[name].Outputs));
            Assert.False(new PropertyValue.Map(node.Outputs).ContainsUnknowns(), name);
        }
    }

    [Fact]
    public void Each_simulated_resource_of_the_schema_has_all_its_required_outputs()
    {
        var monitor = new MonitorHarness(RunMode.Simulated);
        var schema = monitor.Context.Catalog.Find("aws")!;
        foreach (var token in schema.ResourceTokens)
        {
            var spec = schema.FindResource(token)!;
            var node = monitor.Register(monitor.Custom(token, "it", [.. spec.Inputs.Required.Select(input => (input, PropertyValue.Unknown.Instance as PropertyValue))]));

            Assert.False(string.IsNullOrEmpty(node.Id), token);
            Assert.Empty(spec.Outputs.Required.Except(node.Outputs.Keys));
        }
    }

    [Fact]
    public void Tags_of_the_provider_come_together_with_the_resources_own()
    {
        var monitor = new MonitorHarness();
        var provider = monitor.Register(monitor.Custom("pulumi:providers:aws", "p", ("defaultTags", Text("""{"tags":{"a":"1","b":"1"}}"""))));
        var request = monitor.Custom("aws:ec2/vpc:Vpc", "main", ("tags", Json("""{"b":"2"}""")));
        request.Provider = $"{provider.Urn}::id";

        Assert.Equal(Json("""{"a":"1","b":"2"}"""), monitor.Register(request).Outputs["tagsAll"]);
    }

    private static Dictionary<string, ResourceNode> Declare(MonitorHarness monitor)
    {
        var nodes = new Dictionary<string, ResourceNode>();
        Add("vpc", "aws:ec2/vpc:Vpc", ("cidrBlock", Text("10.0.0.0/16")));
        Add("subnet", "aws:ec2/subnet:Subnet", ("vpcId", Text(nodes["vpc"].Id!)), ("cidrBlock", Text("10.0.1.0/24")));
        Add("role", "aws:iam/role:Role", ("assumeRolePolicy", Text("{}")));
        Add("cluster", "aws:eks/cluster:Cluster", ("roleArn", nodes["role"].Outputs["arn"]), ("vpcConfig", PropertyMap.Of(("subnetIds", PropertyMap.ListOf(Text(nodes["subnet"].Id!))))));
        Add("group", "aws:eks/nodeGroup:NodeGroup", ("clusterName", nodes["cluster"].Outputs["name"]), ("nodeRoleArn", nodes["role"].Outputs["arn"]),
            ("subnetIds", PropertyMap.ListOf(Text(nodes["subnet"].Id!))), ("scalingConfig", Json("""{"minSize":1,"maxSize":3,"desiredSize":1}""")));
        Add("map", "kubernetes:core/v1:ConfigMap", ("data", Json("""{"a":"b"}""")));
        return nodes;

        void Add(string name, string type, params (string, PropertyValue)[] inputs) => nodes[name] = monitor.Register(monitor.Custom(type, name, inputs));
    }
}
