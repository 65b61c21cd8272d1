using HaCluster.Engine.Values;
using HaCluster.Planning.Capacity;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Policies.Pods;

namespace HaCluster.Planning.Policies.Rules;

internal sealed class RequestsAndLimits : Policy
{
    public override string Id => "requests-and-limits";

    public override string Title => "every container asks for cpu and is limited in memory and local storage";

    public override string Why => "One that leaks without a limit takes its node, and everything else on it, down.";

    public override Uri Source { get; } = new("https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/");

    public override string Fix =>
        "set resources.requests.cpu, limits.memory and limits.ephemeral-storage on the container, or the defaults of a LimitRange in its namespace";

    private static readonly (string Side, string Resource)[] Demanded = [("requests", "cpu"), ("limits", "memory"), ("limits", "ephemeral-storage")];

    internal override IEnumerable<Finding> Check(PolicyGraph graph)
    {
        var ranges = graph.Of("kubernetes:core/v1:LimitRange")
            .GroupBy(PolicyGraph.NamespaceOf)
            .ToDictionary(group => group.Key, group => new ContainerDefaults([.. group.SelectMany(range => range.Inputs.At("spec", "limits").Items())]));
        var none = new ContainerDefaults([]);
        foreach (var pods in graph.Pods)
        {
            foreach (var (name, container) in pods.Containers)
            {
                if (Missing(container, ranges.GetValueOrDefault(pods.Namespace, none)) is { Length: > 0 } missing)
                    yield return Violation(pods.Resource, $"container {name} has no {missing}");
            }
        }

        foreach (var tree in graph.Trees)
        {
            var defaults = ranges.GetValueOrDefault(tree.Namespace, none);
            foreach (var finding in Check(tree, defaults))
                yield return finding;
            if (tree.Kind is not null && Missing(PropertyValue.Null.Instance, defaults).Length > 0)
                yield return NotInspected(tree.Kind, tree.Resource.Name);
        }
    }

    /// <summary>What values say of resources must be all of it: to the rest of the chart the defaults of the namespace apply.</summary>
    private static IEnumerable<Finding> Check(ValueTree tree, ContainerDefaults defaults)
    {
        foreach (var branch in tree.Branches)
        {
            var resources = branch.Map.Entries.GetValueOrDefault("resources");
            if (resources.At("requests") is null && resources.At("limits") is null)
                continue;
            // A claim for a volume has requests too, and they are of another kind.
            if (resources.At("requests", "storage") is null && Missing(branch.Map, defaults) is { Length: > 0 } missing)
                yield return Violation(tree.Resource, $"{branch.Path}.resources has no {missing}");
        }
    }

    private static string Missing(PropertyValue container, ContainerDefaults defaults) =>
        string.Join(", ", Demanded.Where(one => defaults.Of(container, one.Side, one.Resource) <= 0).Select(one => $"{one.Side}.{one.Resource}"));
}
