using System.Text.Json;
using HaCluster.Planning.Costs.Differences;
using HaCluster.Planning.Costs.Documents;
using HaCluster.Planning.Costs.Estimates;
using HaCluster.Planning.Costs.Usage;
using HaCluster.Planning.Modelling;
using HaCluster.Planning.Plans.Documents;

namespace HaCluster.Planning.Tests.Costs;

public sealed class CostDifferenceTests
{
    [Fact]
    public void What_was_added_removed_and_changed_is_named_and_sums_up()
    {
        var difference = Example();
        Assert.Equal(
            [
                ("general: m7i.xlarge", LineChange.Added, 146m), ("general: m7i.large", LineChange.Removed, -73m),
                ("NAT gateway", LineChange.Changed, 73m),
                ("public IPv4 address", LineChange.Changed, 7.3m),
            ],
            difference.Lines.Select(line => (line.What, line.Change, line.Monthly.AtRest)));
        Assert.Equal([("network", 80.3m), ("general", 73m)], difference.Components.Select(component => (component.Name, component.Monthly.AtRest)));
        Assert.Equal(153.3m, difference.Monthly.AtRest);
    }

    [Fact]
    public void A_plan_differs_in_nothing_from_its_own_document()
    {
        var graph = Cluster.WithNetwork(out var network);
        Cluster.Nat(graph, network, 0);
        Cluster.Group(graph, "general", "m7i.large", 3, 6);
        // In the document siblings stand in another order.
        graph.Resource("aws:cloudwatch/logGroup:LogGroup", "zz", parent: network);
        graph.Resource("aws:cloudwatch/logGroup:LogGroup", "aa", parent: graph.Component("ha-cluster:cluster:Cluster", "cluster"));
        using var stream = new MemoryStream();
        PlanDocumentWriter.Write(stream, new PlanDocument(graph.Build(), []));
        stream.Position = 0;
        var read = PlanDocumentReader.Read(stream).Graph;
        var recorded = CostEstimate.Of(read, ClusterModelReader.Of(read), region: null, Prices.List, UsageAssumptions.Default);
        var difference = new CostDifference(recorded, Prices.Estimate(graph));
        Assert.NotEqual(CostRange.Zero, difference.After.Monthly);
        Assert.Empty(difference.Lines);
        Assert.Equal(CostRange.Zero, difference.Monthly);
    }

    [Fact]
    public void The_document_says_all_of_it_in_cents()
    {
        var difference = Example();
        using var json = Write(new CostDocument(difference.After, difference));
        var root = json.RootElement;
        Assert.Equal("hacluster.cost/1", root.GetProperty("format").GetString());
        Assert.Equal(difference.After.Monthly.AtRest, root.GetProperty("monthly").GetProperty("atRest").GetDecimal());
        var line = root.GetProperty("components").EnumerateArray().Single(component => Text(component, "name") == "general").GetProperty("lines")[0];
        Assert.Equal(("general: m7i.xlarge", "ec2:m7i.xlarge", "quoted"), (Text(line, "what"), Text(line, "item"), Text(line, "basis")));
        var changes = root.GetProperty("difference").GetProperty("lines").EnumerateArray().Select(change => Text(change, "change"));
        Assert.Equal(["added", "removed", "changed", "changed"], changes);
        Assert.Equal("NAT gateway per zone", Text(root.GetProperty("redundancy").EnumerateArray().Last(), "what"));
    }

    [Fact]
    public void Without_another_plan_the_document_has_no_difference_and_is_the_same_every_time()
    {
        var document = new CostDocument(Example().After, null);
        using var json = Write(document);
        Assert.False(json.RootElement.TryGetProperty("difference", out _));
        using var again = Write(document);
        Assert.Equal(json.RootElement.GetRawText(), again.RootElement.GetRawText());
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static JsonDocument Write(CostDocument document)
    {
        using var stream = new MemoryStream();
        CostDocumentWriter.Write(stream, document);
        return JsonDocument.Parse(stream.ToArray());
    }

    private static CostDifference Example() => new(Estimate("m7i.large", 1), Estimate("m7i.xlarge", 3));

    private static CostEstimate Estimate(string type, int gateways)
    {
        var graph = Cluster.WithNetwork(out var network);
        for (var zone = 0; zone < gateways; zone++)
            Cluster.Nat(graph, network, zone);
        Cluster.Group(graph, "general", type, 1, 1);
        return Prices.Estimate(graph);
    }
}
