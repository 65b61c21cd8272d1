using HaCluster.Operations.Running;

namespace HaCluster.Operations.Zones;

/// <summary>Ends the shifts away from a zone.</summary>
public sealed record StopZoneShift(string Zone) : OperationRequest
{
    public override string Command => "Stop-HaZoneShift";

    public override string Target => $"zone {Zone}";

    internal override async Task<Draft> PlanAsync(StepContext context, CancellationToken cancellationToken)
    {
        var reading = await ZoneReading.ReadAsync(context, cancellationToken);
        if (reading.Find(Zone) is not { } zone)
            return Draft.Refused(reading.Unknown(Zone));
        var steps = Steps(context, reading, zone);
        return new Draft(steps.Count == 0 ? $"Nothing is shifted away from {zone.Name}" : $"End {steps.Count} shifts away from {zone.Name}", steps)
        {
            Refusals = !reading.NodesIn(zone).Any(Nodes.NodeReading.IsReady)
                ? [new Refusal { Code = "ZoneNotReady", Reason = $"zone {zone.Name} has no ready node", Advice = "Leave the shift until it has one; -Force overrides this", Forceable = true }]
                : [],
        };
    }

    internal static IReadOnlyList<Step> Steps(StepContext context, ZoneReading reading, Aws.Zone zone) =>
    [
        .. from shift in reading.Shifts
           where shift.ZoneId == zone.Id
           let name = reading.Resources.First(resource => resource.Arn == shift.ResourceArn).Name
           orderby name
           select new EndShiftStep(shift.ResourceArn, name, zone.Name, zone.Id, shift.Id, Left(context, shift)),
    ];

    private static TimeSpan Left(StepContext context, Aws.ZonalShift shift)
    {
        var left = shift.ExpiresAt - context.Time.GetUtcNow();
        return left > TimeSpan.FromMinutes(1) ? left : TimeSpan.FromMinutes(1);
    }
}
