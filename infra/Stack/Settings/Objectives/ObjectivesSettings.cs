using System.Collections.Immutable;
using System.Text.RegularExpressions;
using HaCluster.Stack.Guardrails;

namespace HaCluster.Stack.Settings.Objectives;

/// <summary>
/// What the cluster promises in a failure (<c>ha-cluster:objectives</c>). It changes nothing in the cluster: <c>ha prove</c> holds it
/// to it.
/// </summary>
public sealed partial record ObjectivesSettings
{
    private const int MostReplicas = 10_000;

    public required RecoverySettings Recovery { get; init; }

    /// <summary>Ready replicas that are left at any single failure, by <c>namespace/name</c> of the workload.</summary>
    public required ImmutableSortedDictionary<string, int> Serving { get; init; }

    public static ObjectivesSettings Read(SettingsReader reader)
    {
        var settings = new ObjectivesSettings
        {
            Recovery = RecoverySettings.Read(reader.Object("recovery")),
            Serving = ReadServing(reader.Object("serving")),
        };
        reader.Close();
        return settings;
    }

    /// <summary>Checks what only the other settings can tell.</summary>
    /// <param name="reader">Reader of <c>ha-cluster:objectives</c>.</param>
    /// <param name="namespaces">All namespaces.</param>
    public void Check(SettingsReader reader, ImmutableArray<NamespaceProfile> namespaces)
    {
        var names = namespaces.Select(profile => profile.Name).Concat(ClusterNamespaces.OfKubernetes).ToHashSet(StringComparer.Ordinal);
        var serving = reader.Object("serving");
        foreach (var workload in Serving.Keys)
        {
            var name = workload.Split('/')[0];
            if (names.Contains(name))
                continue;
            var hint = NearestName.Of(name, names) is { } nearest ? $"did you mean {nearest}?" : "leave it out";
            reader.Problems.Add(serving.PathOf(workload), Serving[workload], $"the cluster has no namespace {name}; {hint}");
        }
    }

    private static ImmutableSortedDictionary<string, int> ReadServing(SettingsReader reader)
    {
        var serving = ImmutableSortedDictionary.CreateBuilder<string, int>(StringComparer.Ordinal);
        foreach (var workload in reader.Names.ToArray())
        {
            var least = reader.Int32(workload, 1, 0, MostReplicas);
            if (WorkloadShape().IsMatch(workload))
                serving[workload] = least;
            else
                reader.Problems.Add(reader.PathOf(workload), least, "a workload is named by namespace and name, such as chains/bitcoin");
        }

        return serving.ToImmutable();
    }

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]*[a-z0-9])?/[a-z0-9]([a-z0-9.-]*[a-z0-9])?\z")]
    private static partial Regex WorkloadShape();
}
