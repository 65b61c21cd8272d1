using HaCluster.Engine.Graph;
using HaCluster.Planning.Modelling;
using HaCluster.Planning.Policies;
using HaCluster.Planning.Tests.Graphs;

namespace HaCluster.Planning.Tests.Policies;

/// <summary>What a policy says of a graph.</summary>
internal static class Checked
{
    public static PolicyResult Of(string policy, ResourceGraph graph, params PolicySwitch[] switches) =>
        PolicyCheck.Of(graph, ClusterModelReader.Of(graph), [.. switches]).Single(result => result.Id == policy);

    /// <summary>Of one resource alone.</summary>
    public static string[] Problems(string policy, string type, object? inputs) =>
        Problems(policy, graph => graph.Resource(type, "it", inputs));

    public static string[] Problems(string policy, Action<GraphBuilder> build)
    {
        var graph = new GraphBuilder();
        build(graph);
        return [.. Of(policy, graph.Build()).Violations.Select(violation => $"{violation.Resource}: {violation.Problem}")];
    }
}
