using System.Collections.Immutable;

namespace HaCluster.Operations.Aws;

/// <summary>ARC zonal shift.</summary>
public interface IZonalShifts
{
    /// <param name="resourceArn">Null: of all resources of the account in the region.</param>
    Task<ImmutableArray<ZonalShift>> ListActiveAsync(string? resourceArn, CancellationToken cancellationToken);

    /// <returns>What can be shifted: ARN and name of clusters and load balancers.</returns>
    Task<ImmutableArray<ShiftableResource>> ListResourcesAsync(CancellationToken cancellationToken);

    /// <param name="zoneId">The zone to move away from, by id (<c>euc1-az2</c>).</param>
    /// <param name="duration">1 minute to 72 hours.</param>
    Task<ZonalShift> StartAsync(string resourceArn, string zoneId, TimeSpan duration, string comment, CancellationToken cancellationToken);

    Task<ZonalShift> UpdateAsync(string shiftId, TimeSpan? duration, string? comment, CancellationToken cancellationToken);

    Task<ZonalShift> CancelAsync(string shiftId, CancellationToken cancellationToken);
}

/// <param name="Status"><c>ACTIVE</c>, <c>EXPIRED</c>, <c>CANCELED</c>.</param>
public sealed record ZonalShift(string Id, string ResourceArn, string ZoneId, string Status, DateTimeOffset StartedAt, DateTimeOffset ExpiresAt, string Comment);

/// <param name="Zones">Ids of its zones.</param>
public sealed record ShiftableResource(string Arn, string Name, ImmutableArray<string> Zones);
