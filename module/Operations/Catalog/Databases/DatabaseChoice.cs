using HaCluster.Operations.Aws;
using HaCluster.Operations.Running;

namespace HaCluster.Operations.Databases;

/// <summary>Which database, and which of its readers.</summary>
internal static class DatabaseChoice
{
    public static async Task<IReadOnlyList<DatabaseCluster>> DatabasesAsync(this StepContext context, CancellationToken cancellationToken) =>
        await context.Aws("databases").Databases.ListAsync(context.Session.ClusterName, context.Session.Outputs?.DatabaseClusters ?? [], cancellationToken);

    /// <summary>The reader that would serve best: available, outside the zones, promoted first, and of the writer's size before a smaller one.</summary>
    /// <returns>Null when there is none.</returns>
    public static DatabaseMember? BestReader(DatabaseCluster database, IReadOnlyCollection<string> avoidedZones) => database.Members
        .Where(member => !member.IsWriter && member.Status == "available" && !avoidedZones.Contains(member.Zone))
        .OrderBy(member => member.PromotionTier)
        .ThenBy(member => member.InstanceClass == database.Writer?.InstanceClass ? 0 : 1)
        .ThenBy(member => member.Identifier, StringComparer.Ordinal)
        .FirstOrDefault();
}
