using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>An Aurora cluster. The first instance of the lowest tier is the writer.</summary>
/// <param name="HasProxy">Whether RDS Proxy is in front: clients then need no new name resolution after a failover.</param>
/// <param name="ReadersSetting">The setting that adds readers; null when there is none.</param>
public sealed record Database(
    string Name, string Engine, ImmutableArray<DatabaseInstance> Instances, bool HasProxy, string? ReadersSetting = null)
{
    public DatabaseInstance? Writer => Instances.OrderBy(instance => instance.Tier).ThenBy(instance => instance.Name, StringComparer.Ordinal).FirstOrDefault();
}
