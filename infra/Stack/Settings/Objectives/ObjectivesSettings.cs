using System.Collections.Immutable;
using HaCluster.Engine.Validation;
using HaCluster.Stack.Settings.Namespaces;

namespace HaCluster.Stack.Settings.Objectives;

/// <summary>
/// Objectives of the cluster in a failure (<c>ha-cluster:objectives</c>). They do not change the cluster: <c>ha prove</c> checks it
/// to it.
/// </summary>
public sealed record ObjectivesSettings
{
    private const int MaxReplicas = 10_000;

    public required RecoverySettings Recovery { get; init; }

    /// <summary>Ready replicas that are left at any single failure, by <c>namespace/name</c> of the workload.</summary>
    public required ImmutableSortedDictionary<string, int> Serving { get; init; }

    public static ObjectivesSettings Read(SettingsReader reader)
    {
        var settings = new ObjectivesSettings
        {
            Recovery = RecoverySettings.Read(reader.Object("recovery", "Longest time from a failure until full recovery.")),
            Serving = ReadServing(reader.Object(
                "serving",
                "Ready replicas that must remain in any single failure, by namespace/name of the workload. Default: one replica; for a quorum, its majority. 0: the workload has one replica, and only the recovery time applies.")),
        };
        reader.Close();
        return settings;
    }

    /// <summary>Checks that need other settings.</summary>
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
            var hint = NearestName.Find(name, names, 1) is [var nearest] ? $"did you mean {nearest}?" : "remove it";
            reader.Problems.Add(serving.PathOf(workload), Serving[workload], $"the cluster has no namespace {name}; {hint}");
        }
    }

    private static ImmutableSortedDictionary<string, int> ReadServing(SettingsReader reader)
    {
        var serving = ImmutableSortedDictionary.CreateBuilder<string, int>(StringComparer.Ordinal);
        foreach (var workload in reader.Entries("NAMESPACE/NAME", Shapes.WorkloadName))
        {
            var least = reader.Int32(workload, "Ready replicas that must remain.", 1, 0, MaxReplicas);
            if (Shapes.WorkloadName.Fault(workload) is { } fault)
                reader.Problems.Add(reader.PathOf(workload), least, fault);
            else
                serving[workload] = least;
        }

        return serving.ToImmutable();
    }
}
