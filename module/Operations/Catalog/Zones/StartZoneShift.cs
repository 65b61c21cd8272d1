using HaCluster.Operations.Aws;
using HaCluster.Operations.Running;
using HaCluster.Planning;

namespace HaCluster.Operations.Zones;

/// <summary>Moves the traffic of the cluster and its load balancers away from a zone (ARC zonal shift). No pod is moved.</summary>
/// <param name="Zone">The zone to move away from, by name (<c>eu-central-1a</c>) or id (<c>euc1-az2</c>).</param>
/// <param name="Duration">When it ends by itself: 1 minute to 3 days.</param>
public sealed record StartZoneShift(string Zone, TimeSpan Duration, string Comment = "") : OperationRequest
{
    public override string Command => "Start-HaZoneShift";

    public override string Target => $"zone {Zone}";

    internal override async Task<Draft> PlanAsync(StepContext context, CancellationToken cancellationToken)
    {
        var reading = await ZoneReading.ReadAsync(context, cancellationToken);
        if (reading.Find(Zone) is not { } zone)
            return Draft.Refused(reading.Unknown(Zone));
        var steps = Steps(reading, zone, Duration, Comment);
        return new Draft($"Shift {steps.Count} resources away from {zone.Name} for {Wording.Duration(Duration)}", steps)
        {
            Refusals = [.. Already(reading, zone), .. Against(reading, zone, Duration), .. reading.AgainstLeaving(zone)],
            Warnings = [.. reading.NotShiftable.Select(name => $"load balancer {name} has no zonal shift and keeps its traffic in {zone.Name}")],
        };
    }

    /// <summary>Nothing to start: a person who asks for a shift means to get one, with this duration and comment.</summary>
    private static IEnumerable<Refusal> Already(ZoneReading reading, Zone zone)
    {
        var shifts = reading.Resources.Select(resource => reading.Shifts.FirstOrDefault(shift => shift.ResourceArn == resource.Arn && shift.ZoneId == zone.Id)).ToList();
        if (shifts.Count > 0 && shifts.TrueForAll(shift => shift is not null))
        {
            yield return new Refusal
            {
                Code = "ZoneAlreadyShifted",
                Kind = FailureKind.AlreadyExists,
                Reason = $"traffic is already shifted away from zone {zone.Name} until {shifts.Min(shift => shift!.ExpiresAt):u}{(shifts[0]!.Comment.Length > 0 ? $" ({shifts[0]!.Comment})" : "")}",
                Advice = $"Get-HaZoneShift shows it; end it first to start another (Stop-HaZoneShift {zone.Name})",
            };
        }
    }

    internal static IReadOnlyList<Step> Steps(ZoneReading reading, Zone zone, TimeSpan duration, string comment) =>
        [.. reading.Resources.Select(resource => new ShiftStep(resource.Arn, resource.Name, zone.Name, zone.Id, duration, comment))];

    internal static IEnumerable<Refusal> Against(ZoneReading reading, Zone zone, TimeSpan duration)
    {
        if (duration < TimeSpan.FromMinutes(1) || duration > TimeSpan.FromDays(3))
        {
            yield return new Refusal
            {
                Code = "ShiftDuration",
                Kind = FailureKind.InvalidInput,
                Reason = $"a zonal shift lasts 1 minute to 3 days, not {Wording.Duration(duration)}",
                Advice = "Choose at most 3 days; to keep traffic away longer, end the shift and start another (Stop-HaZoneShift)",
            };
        }
        if (reading.Resources.Count == 0)
        {
            yield return new Refusal
            {
                Code = "NoZonalShift",
                Reason = $"neither the cluster nor a load balancer has zonal shift enabled, so traffic cannot be moved away from {zone.Name}",
                Advice = "Enable it (ha-cluster settings, pulumi up), or -Force without it",
                Forceable = true,
            };
        }
    }
}
