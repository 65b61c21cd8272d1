using HaCluster.Operations.Aws;
using HaCluster.Operations.Running;

namespace HaCluster.Operations.Zones;

/// <summary>Moves the traffic of one cluster or load balancer away from a zone.</summary>
internal sealed record ShiftStep(string Resource, string Name, string Zone, string ZoneId, TimeSpan Duration, string Comment) : Step
{
    public override string Id => $"shift/{Resource}";

    public override string Title => $"Shift {Name} away from {Zone}";

    public override string Subject => $"zonal shift/{Name}";

    public override TimeSpan Expected => TimeSpan.FromSeconds(2);

    public override async Task<StepCheck> CheckAsync(StepContext context, CancellationToken cancellationToken)
    {
        var shift = await FindAsync(context, cancellationToken);
        var found = Facts(("away from", shift is null ? "no zone" : shift.ZoneId == ZoneId ? Zone : shift.ZoneId), (".shift", shift?.Id ?? ""));
        if (shift is null)
            return StepCheck.ToDo(found);
        return shift.ZoneId == ZoneId
            ? StepCheck.Done(found, $"it is shifted away until {shift.ExpiresAt:u}: {shift.Comment}")
            : StepCheck.Blocked(new Refusal
            {
                Code = "ShiftedElsewhere",
                Reason = $"{Name} is shifted away from {shift.ZoneId} until {shift.ExpiresAt:u}, and AWS allows one shift per resource",
                Advice = "End that shift first: Stop-HaZoneShift",
            });
    }

    public override Task DoAsync(StepContext context, CancellationToken cancellationToken) =>
        context.Aws("zonal shifts").ZonalShifts.StartAsync(Resource, ZoneId, Duration, $"{context.OperationId} {Comment}".Trim(), cancellationToken);

    public override async Task UndoAsync(StepContext context, IReadOnlyDictionary<string, string> before, CancellationToken cancellationToken)
    {
        if (await FindAsync(context, cancellationToken) is not { } shift || shift.ZoneId != ZoneId || shift.Id == before.GetValueOrDefault(".shift"))
            return;
        // Someone else may have been quicker than this operation's own call.
        if (shift.Comment.StartsWith(context.OperationId, StringComparison.Ordinal))
            await context.Aws("zonal shifts").ZonalShifts.CancelAsync(shift.Id, cancellationToken);
        else
            context.Warn($"{Name} stays shifted away from {Zone}: someone else started that shift ({shift.Comment})");
    }

    private async Task<ZonalShift?> FindAsync(StepContext context, CancellationToken cancellationToken) =>
        (await context.Aws("zonal shifts").ZonalShifts.ListActiveAsync(Resource, cancellationToken)).FirstOrDefault(shift => shift.Status == "ACTIVE" && shift.ResourceArn == Resource);
}

/// <summary>Ends a shift.</summary>
/// <param name="Duration">Of the shift that undo starts: what was left of it.</param>
internal sealed record EndShiftStep(string Resource, string Name, string Zone, string ZoneId, string Shift, TimeSpan Duration) : Step
{
    public override string Id => $"end-shift/{Resource}";

    public override string Title => $"End the shift of {Name} away from {Zone}";

    public override string Subject => $"zonal shift/{Name}";

    public override TimeSpan Expected => TimeSpan.FromSeconds(2);

    public override async Task<StepCheck> CheckAsync(StepContext context, CancellationToken cancellationToken)
    {
        var active = await FindAsync(context, cancellationToken);
        return StepCheck.DoneIf(active is null, Facts(("away from", active is null ? "no zone" : Zone)), "the shift has ended");
    }

    public override Task DoAsync(StepContext context, CancellationToken cancellationToken) =>
        context.Aws("zonal shifts").ZonalShifts.CancelAsync(Shift, cancellationToken);

    public override async Task UndoAsync(StepContext context, IReadOnlyDictionary<string, string> before, CancellationToken cancellationToken)
    {
        if (await FindAsync(context, cancellationToken) is null)
            await context.Aws("zonal shifts").ZonalShifts.StartAsync(Resource, ZoneId, Duration, $"{context.OperationId} undone", cancellationToken);
    }

    private async Task<ZonalShift?> FindAsync(StepContext context, CancellationToken cancellationToken) =>
        (await context.Aws("zonal shifts").ZonalShifts.ListActiveAsync(Resource, cancellationToken)).FirstOrDefault(shift => shift.Status == "ACTIVE" && shift.ZoneId == ZoneId);
}
