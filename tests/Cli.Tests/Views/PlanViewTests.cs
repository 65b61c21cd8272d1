using System.Collections.Immutable;
using HaCluster.Cli.Views;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Plans;
using HaCluster.Simulation.Model;
using Spectre.Console.Testing;

namespace HaCluster.Cli.Tests.Views;

/// <summary>What a plan looks like, to the letter.</summary>
public sealed class PlanViewTests
{
    [Fact]
    public void At_80_columns() => Shown.Match(Show(80));

    [Fact]
    public void At_120_columns_what_was_broken_fits()
    {
        var shown = Show(120);
        Assert.Contains("│   ├── zone-1 Zone 13: 1 Eip, 1 NatGateway, 2 Route, 3 RouteTable, 3 RouteTableAssociation, 3 Subnet", shown);
        Assert.Contains(shown, line => line.StartsWith("spot   m7i.xlarge, m6i.xlarge, m6a.xlarge, m5.xlarge, m5a.xlarge (spot)  a b", StringComparison.Ordinal));
        Assert.Contains("warning: 1 NAT gateway for 2 zones: if its zone is lost, no private subnet reaches the internet", shown);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(60)]
    public void Nothing_is_wider_than_a_narrow_terminal(int width) => Assert.All(Show(width), line => Assert.True(line.Length <= width, line));

    [Fact]
    public void A_plan_of_nothing_is_short() =>
        Assert.Equal(
            ["ha-cluster, stack test", "", "ha-cluster-test Stack 0", "", "0 resources in 0 components, no warnings, simulated in 0.0 s"],
            Show(80, new Plan
            {
                Graph = Graph([]),
                Root = new ComponentNode("ha-cluster-test", "pulumi:pulumi:Stack", [], []),
                Network = new NetworkFacts(null, [], []),
                Cluster = new ClusterModel { Name = "none", Zones = [] },
            }));

    private static List<string> Show(int width, Plan? plan = null)
    {
        using var console = new TestConsole { Profile = { Width = width } };
        PlanView.Show(console, plan ?? Example());
        return [.. console.Output.TrimEnd('\n').Split('\n').Select(line => line.TrimEnd())];
    }

    private static Plan Example() => new()
    {
        Graph = Graph(["aws:eks/cluster:Cluster", "kubernetes:core/v1:Namespace", "pulumi:providers:kubernetes"]),
        Region = "eu-central-1",
        Root = new ComponentNode("ha-cluster-test", "pulumi:pulumi:Stack", [],
        [
            new ComponentNode("network", "hacluster:network:Network", [new("aws:ec2/vpc:Vpc", 1)],
            [
                new ComponentNode("zone-1", "hacluster:network:Zone",
                [
                    new("aws:ec2/eip:Eip", 1), new("aws:ec2/natGateway:NatGateway", 1), new("aws:ec2/route:Route", 2), new("aws:ec2/routeTable:RouteTable", 3),
                    new("aws:ec2/routeTableAssociation:RouteTableAssociation", 3), new("aws:ec2/subnet:Subnet", 3),
                ], []),
                new ComponentNode("flow-logs", "hacluster:network:FlowLogs", [new("aws:ec2/flowLog:FlowLog", 7)], []),
            ]),
            new ComponentNode("cluster", "hacluster:cluster:Cluster",
                [new("aws:eks/cluster:Cluster", 1), new("kubernetes:core/v1:Namespace", 1), new("pulumi:providers:kubernetes", 1)], []),
        ]),
        Cluster = new ClusterModel { Name = "main", Zones = [] },
        Clusters = [new ClusterFacts("main", "1.34", true, true, ["192.0.2.0/24"], true, true, false, ["api", "audit"])],
        Network = new NetworkFacts("10.0.0.0/16", [Zone("a", 1), Zone("b", 0)], ["s3", "sts"]),
        NodeGroups =
        [
            new NodeGroupFacts("spot", ["eu-central-1a", "eu-central-1b"], ["m7i.xlarge", "m6i.xlarge", "m6a.xlarge", "m5.xlarge", "m5a.xlarge"], true, 2, 6),
        ],
        Quotas =
        [
            new QuotaFacts("payments", "quota", new Dictionary<string, string>
            {
                ["requests.cpu"] = "16", ["limits.cpu"] = "64", ["requests.memory"] = "16Gi", ["limits.memory"] = "32Gi",
                ["requests.ephemeral-storage"] = "40Gi", ["limits.ephemeral-storage"] = "40Gi",
                ["persistentvolumeclaims"] = "10", ["requests.storage"] = "200Gi", ["pods"] = "80",
            }.ToImmutableSortedDictionary(StringComparer.Ordinal)),
        ],
        Encryption = [Encrypted("disk", KeyOwner.Customer), Encrypted("other", KeyOwner.None)],
        Warnings = ["1 NAT gateway for 2 zones: if its zone is lost, no private subnet reaches the internet"],
        Elapsed = TimeSpan.FromSeconds(1.234),
    };

    private static EncryptionFacts Encrypted(string subject, KeyOwner owner) => new(Node("test:Disk", true), subject, "encrypted", owner, KeyOwner.Aws, null);

    private static ZoneFacts Zone(string letter, int natGateways) =>
        new($"eu-central-1{letter}", [new SubnetFacts("id", "public", $"eu-central-1{letter}", "10.0.0.0/20", SubnetReach.Internet)], natGateways);

    private static ResourceGraph Graph(IEnumerable<string> types) => new()
    {
        Project = "ha-cluster",
        Stack = "test",
        Mode = RunMode.Simulated,
        Resources = [Node("pulumi:pulumi:Stack", false), .. types.Select(type => Node(type, true))],
        Outputs = ImmutableSortedDictionary<string, PropertyValue>.Empty,
        Invokes = [],
        Logs = [],
    };

    private static ResourceNode Node(string type, bool isCustom) => new()
    {
        Urn = $"urn:pulumi:test::ha-cluster::{type}::x",
        Type = type,
        Name = "x",
        IsCustom = isCustom,
        Inputs = ImmutableSortedDictionary<string, PropertyValue>.Empty,
    };
}
