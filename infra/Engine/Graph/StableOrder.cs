using Google.Protobuf;
using HaCluster.Engine.Values;

namespace HaCluster.Engine.Graph;

/// <summary>
/// Programs register, invoke and log concurrently, so the order in which things arrive differs from run to run. This order does not: parents
/// before their children, children of one parent by URN, invokes by token and arguments, log messages by severity, URN and text.
/// Applying it twice changes nothing.
/// </summary>
public static class StableOrder
{
    public static ResourceGraph Of(ResourceGraph graph)
    {
        var urns = graph.Resources.Select(resource => resource.Urn).ToHashSet(StringComparer.Ordinal);
        var children = graph.Resources.OrderBy(resource => resource.Urn, StringComparer.Ordinal)
            .ToLookup(resource => resource.Parent is { } parent && parent != resource.Urn && urns.Contains(parent) ? parent : "");
        var ordered = new List<ResourceNode>(graph.Resources.Length);
        var visited = new HashSet<string>(StringComparer.Ordinal);
        Append(children, "", visited, ordered);
        // Parents that form a circle are reached from nowhere; they are still part of the graph.
        ordered.AddRange(graph.Resources.Except(ordered, ReferenceEqualityComparer.Instance).Cast<ResourceNode>().OrderBy(resource => resource.Urn, StringComparer.Ordinal));
        return graph with
        {
            Resources = [.. ordered],
            Invokes = [.. graph.Invokes.OrderBy(invoke => invoke.Token, StringComparer.Ordinal).ThenBy(Arguments, StringComparer.Ordinal)],
            Logs =
            [
                .. graph.Logs.OrderByDescending(entry => entry.Severity)
                    .ThenBy(entry => entry.Urn, StringComparer.Ordinal)
                    .ThenBy(entry => entry.Message, StringComparer.Ordinal),
            ],
        };
    }

    private static void Append(ILookup<string, ResourceNode> children, string parent, HashSet<string> visited, List<ResourceNode> ordered)
    {
        if (!visited.Add(parent))
            return;
        foreach (var child in children[parent])
        {
            ordered.Add(child);
            Append(children, child.Urn, visited, ordered);
        }
    }

    private static string Arguments(InvokeRecord invoke) => Convert.ToBase64String(PropertyValueWriter.Write(invoke.Arguments).ToByteArray());
}
