using System.Collections.Immutable;
using HaCluster.Operations.Aws;
using HaCluster.Operations.Nodes;
using HaCluster.Operations.Running;
using k8s.Models;

namespace HaCluster.Operations.Zones;

/// <summary>The zones of the cluster, and what is shifted away from them.</summary>
/// <param name="Nodes">Of all zones.</param>
/// <param name="Shifts">Active ones, of resources of this cluster.</param>
/// <param name="Resources">What of the cluster can be shifted.</param>
/// <param name="NotShiftable">Load balancers of the cluster without zonal shift.</param>
internal sealed record ZoneReading(
    ImmutableArray<Zone> Zones, IReadOnlyList<V1Node> Nodes, IReadOnlyList<ZonalShift> Shifts, IReadOnlyList<ShiftableResource> Resources, IReadOnlyList<string> NotShiftable)
{
    public static async Task<ZoneReading> ReadAsync(StepContext context, CancellationToken cancellationToken)
    {
        var aws = context.Aws("zonal shifts");
        var nodes = context.NodesAsync(cancellationToken);
        var zones = aws.Ec2.ListZonesAsync(cancellationToken);
        var cluster = aws.Eks.FindClusterAsync(context.Session.ClusterName, cancellationToken);
        var balancers = aws.LoadBalancers.ListAsync(context.Session.ClusterName, cancellationToken);
        var shifts = aws.ZonalShifts.ListActiveAsync(null, cancellationToken);
        var resources = new List<ShiftableResource>();
        if (await cluster is { HasZonalShift: true } shiftable)
            resources.Add(new(shiftable.Arn, shiftable.Name, []));
        resources.AddRange(from balancer in await balancers where balancer.HasZonalShift orderby balancer.Name select new ShiftableResource(balancer.Arn, balancer.Name, []));
        var arns = resources.Select(resource => resource.Arn).ToHashSet();
        var used = (await nodes).Select(node => node.Zone()).ToHashSet();
        return new(
            [.. (await zones).Where(zone => used.Contains(zone.Name))],
            await nodes,
            [.. (await shifts).Where(shift => arns.Contains(shift.ResourceArn) && shift.Status == "ACTIVE")],
            resources,
            [.. (await balancers).Where(balancer => !balancer.HasZonalShift).Select(balancer => balancer.Name)]);
    }

    /// <summary>Names of zones that traffic of this cluster is shifted away from; empty when that cannot be read.</summary>
    public static async Task<IReadOnlyCollection<string>> AvoidedAsync(StepContext context, CancellationToken cancellationToken)
    {
        try
        {
            var aws = context.Aws("zonal shifts");
            var own = await ShiftedResources.OfAsync(context.Session, cancellationToken);
            var shifts = (await aws.ZonalShifts.ListActiveAsync(null, cancellationToken)).Where(shift => own.Contains(shift.ResourceArn)).ToList();
            return shifts.Count == 0 ? [] : [.. (await aws.Ec2.ListZonesAsync(cancellationToken)).Where(zone => shifts.Any(shift => shift.ZoneId == zone.Id)).Select(zone => zone.Name)];
        }
        catch (HaClusterException)
        {
            // Zonal shift is not offered in every region; a failover must not depend on it.
            return [];
        }
    }

    /// <summary>By name or id.</summary>
    public Zone? Find(string zone) => Zones.FirstOrDefault(other => other.Name == zone || other.Id == zone);

    public IReadOnlyList<V1Node> NodesIn(Zone zone) => [.. Nodes.Where(node => node.Zone() == zone.Name).OrderBy(node => node.Metadata.Name, StringComparer.Ordinal)];

    public bool IsServing(Zone zone) => NodesIn(zone).Any(node => node.IsReady() && !node.IsCordoned()) && !IsAvoided(zone);

    public bool IsAvoided(Zone zone) => Shifts.Any(shift => shift.ZoneId == zone.Id);

    public Refusal Unknown(string zone) => new()
    {
        Code = "ZoneUnknown",
        Kind = FailureKind.NotFound,
        Reason = $"the cluster has no zone {zone}",
        Advice = Advice.Available(Zones.OrderBy(other => other.Name, StringComparer.Ordinal).Select(other => $"{other.Name} ({other.Id})"), "It has none"),
    };

    /// <summary>What is against leaving the zone, as far as other zones are concerned.</summary>
    public IEnumerable<Refusal> AgainstLeaving(Zone zone)
    {
        var others = Zones.Where(other => other.Name != zone.Name).ToList();
        if (!others.Any(IsServing))
        {
            yield return new Refusal
            {
                Code = "LastHealthyZone",
                Reason = $"{zone.Name} is the last healthy zone: no other zone has a ready node that takes pods and traffic",
                Advice = "Return to another zone first (Restore-HaZone), or repair its nodes",
            };
            yield break;
        }
        foreach (var other in others.Where(other => !IsServing(other)))
        {
            yield return new Refusal
            {
                Code = "AnotherZoneDown",
                Reason = IsAvoided(other) ? $"traffic is already shifted away from zone {other.Name}" : $"zone {other.Name} has no ready node that takes pods",
                Advice = $"Return to {other.Name} first (Restore-HaZone {other.Name}); -Force leaves one zone fewer",
                Forceable = true,
            };
        }
    }
}
