using System.Collections.Immutable;
using HaCluster.Operations.Monitoring;
using HaCluster.Operations.Running;
using HaCluster.Planning;

namespace HaCluster.Operations.Alerts;

/// <summary>Silences an alert for some time.</summary>
/// <param name="Matchers">More labels that must match, by name.</param>
public sealed record SetAlertSilence(string Alert, TimeSpan Duration, string Comment, IReadOnlyDictionary<string, string> Matchers) : OperationRequest
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(31);

    public override string Command => "Set-HaAlertSilence";

    public override string Target => $"alert {Alert}";

    internal override Task<Draft> PlanAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (Duration <= TimeSpan.Zero || Duration > Longest)
        {
            return Task.FromResult(Draft.Refused(new Refusal
            {
                Code = "SilenceDuration",
                Kind = FailureKind.InvalidInput,
                Reason = $"a silence of {Wording.Duration(Duration)} is not allowed",
                Advice = $"Choose a duration above zero, at most {Longest.TotalDays:0} days: a forgotten silence hides the next failure",
            }));
        }
        return Task.FromResult(new Draft($"Silence {Alert} for {Wording.Duration(Duration)}", [new SilenceStep(Alert, Duration, Comment, Matchers)]));
    }
}

internal sealed record SilenceStep(string Alert, TimeSpan Duration, string Comment, IReadOnlyDictionary<string, string> Matchers) : Step
{
    public override string Id => $"silence/{Alert}";

    public override string Title => $"Silence {Alert} for {Wording.Duration(Duration)}";

    public override string Subject => $"silence/{Alert}";

    public override TimeSpan Expected => TimeSpan.FromSeconds(1);

    private ImmutableArray<SilenceMatcher> AllMatchers => [new("alertname", Alert), .. Matchers.OrderBy(matcher => matcher.Key, StringComparer.Ordinal).Select(matcher => new SilenceMatcher(matcher.Key, matcher.Value))];

    public override async Task<StepCheck> CheckAsync(StepContext context, CancellationToken cancellationToken)
    {
        var silence = await FindAsync(context, cancellationToken);
        return StepCheck.DoneIf(silence is not null, Facts(("silenced until", silence?.EndsAt.ToString("u") ?? "not silenced"), ("silence", silence?.Id ?? "")), $"it is silenced until {silence?.EndsAt:u} by {silence?.CreatedBy}");
    }

    public override Task DoAsync(StepContext context, CancellationToken cancellationToken)
    {
        var now = context.Time.GetUtcNow();
        return context.Monitoring.Alertmanager.SilenceAsync(new SilenceRequest(AllMatchers, now, now + Duration, context.Session.Operator, $"{Comment} ({context.OperationId})".Trim()), cancellationToken);
    }

    public override async Task UndoAsync(StepContext context, IReadOnlyDictionary<string, string> before, CancellationToken cancellationToken)
    {
        if (await FindAsync(context, cancellationToken) is { } silence && silence.Comment.Contains(context.OperationId, StringComparison.Ordinal))
            await context.Monitoring.Alertmanager.RemoveSilenceAsync(silence.Id, cancellationToken);
    }

    /// <summary>One with the same matchers that lasts at least as long, or that this operation made.</summary>
    private async Task<AlertSilence?> FindAsync(StepContext context, CancellationToken cancellationToken)
    {
        var wanted = AllMatchers.Select(matcher => matcher.ToString()).ToHashSet();
        return (await context.Monitoring.Alertmanager.ListSilencesAsync(cancellationToken)).FirstOrDefault(silence => wanted.SetEquals(silence.Matchers)
            // One of ours may be pending where the clock of this computer is ahead.
            && (silence.State == "active" || silence.State == "pending" && context.OperationId.Length > 0)
            && (context.OperationId.Length > 0 && silence.Comment.Contains(context.OperationId, StringComparison.Ordinal) || silence.State == "active" && silence.EndsAt >= context.Time.GetUtcNow() + Duration));
    }
}
