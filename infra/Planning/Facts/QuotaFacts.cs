using System.Collections.Immutable;
using HaCluster.Engine.Graph;

namespace HaCluster.Planning.Facts;

/// <summary>One <c>ResourceQuota</c> for all pods: the namespace it binds and its hard limits, as written.</summary>
public sealed record QuotaFacts(string Namespace, string Name, ImmutableSortedDictionary<string, string> Hard)
{
    internal static ImmutableArray<QuotaFacts> Of(ResourceGraph graph) =>
        [.. graph.Resources.Where(resource => resource.Type == "kubernetes:core/v1:ResourceQuota" && !IsScoped(resource)).Select(Of)
            .OrderBy(quota => quota.Namespace, StringComparer.Ordinal).ThenBy(quota => quota.Name, StringComparer.Ordinal)];

    // A scoped quota applies to some pods only, mostly those of a priority class, so it is not a limit of the namespace.
    private static bool IsScoped(ResourceNode quota) =>
        !quota.Inputs.At("spec", "scopes").Items().IsEmpty || quota.Inputs.At("spec", "scopeSelector") is not null;

    private static QuotaFacts Of(ResourceNode quota) => new(
        quota.Inputs.At("metadata", "namespace").Text() ?? "default",
        quota.Inputs.At("metadata", "name").Text() ?? quota.Outputs.At("metadata", "name").Text() ?? quota.Name,
        quota.Inputs.At("spec", "hard").Entries()
            .Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Text() ?? entry.Value.Integer()?.ToString(null, null) ?? ""))
            .ToImmutableSortedDictionary(StringComparer.Ordinal));
}
