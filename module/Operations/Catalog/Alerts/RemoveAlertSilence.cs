using HaCluster.Operations.Monitoring;
using HaCluster.Operations.Running;

namespace HaCluster.Operations.Alerts;

/// <summary>Ends silences.</summary>
/// <param name="Silence">The id of one silence, or the name of an alert: all of its silences.</param>
public sealed record RemoveAlertSilence(string Silence) : OperationRequest
{
    public override string Command => "Remove-HaAlertSilence";

    public override string Target => $"silence {Silence}";

    internal override async Task<Draft> PlanAsync(StepContext context, CancellationToken cancellationToken)
    {
        var active = (await context.Monitoring.Alertmanager.ListSilencesAsync(cancellationToken)).Where(silence => silence.State != "expired").ToList();
        var meant = active.Where(silence => silence.Id == Silence || silence.Matchers.Contains($"alertname=\"{Silence}\"")).ToList();
        return meant.Count > 0 ? new Draft($"End {meant.Count} silences", [.. meant.Select(silence => new EndSilenceStep(silence.Id, string.Join(", ", silence.Matchers)) { AllMatchers = silence.Matchers, EndsAt = silence.EndsAt, Comment = silence.Comment })]) : Draft.Refused(new Refusal
        {
            Code = "SilenceUnknown",
            Kind = FailureKind.NotFound,
            Reason = $"there is no active silence {Silence}",
            Advice = Advice.Available(active.Select(silence => $"{silence.Id} ({string.Join(", ", silence.Matchers)})"), "Nothing is silenced"),
        });
    }
}

internal sealed record EndSilenceStep(string Silence, string Matchers) : Step
{
    /// <summary>Each as Alertmanager writes it, to silence again.</summary>
    public IReadOnlyList<string> AllMatchers { get; init; } = [];

    public DateTimeOffset EndsAt { get; init; }

    public string Comment { get; init; } = "";

    public override string Id => $"end-silence/{Silence}";

    public override string Title => $"End silence {Silence} of {Matchers}";

    public override string Subject => $"silence/{Silence}";

    public override TimeSpan Expected => TimeSpan.FromSeconds(1);

    public override async Task<StepCheck> CheckAsync(StepContext context, CancellationToken cancellationToken)
    {
        var isActive = (await context.Monitoring.Alertmanager.ListSilencesAsync(cancellationToken)).Any(silence => silence.Id == Silence && silence.State != "expired");
        return StepCheck.DoneIf(!isActive, Facts(("active", isActive ? "yes" : "no")), "it has ended");
    }

    public override Task DoAsync(StepContext context, CancellationToken cancellationToken) => context.Monitoring.Alertmanager.RemoveSilenceAsync(Silence, cancellationToken);

    /// <summary>A silence that has ended does not come back: another takes its place, for the time that was left.</summary>
    public override async Task UndoAsync(StepContext context, IReadOnlyDictionary<string, string> before, CancellationToken cancellationToken)
    {
        var (now, comment) = (context.Time.GetUtcNow(), $"{Comment} (again: {context.OperationId} undone)");
        var silences = await context.Monitoring.Alertmanager.ListSilencesAsync(cancellationToken);
        if (EndsAt <= now || silences.Any(silence => silence.State != "expired" && (silence.Id == Silence || silence.Comment == comment && AllMatchers.ToHashSet().SetEquals(silence.Matchers))))
            return;
        await context.Monitoring.Alertmanager.SilenceAsync(new SilenceRequest([.. AllMatchers.Select(SilenceMatcher.Parse)], now, EndsAt, context.Session.Operator, comment), cancellationToken);
    }
}
