using System.Collections.Immutable;
using HaCluster.Operations.Running;
using HaCluster.Planning;

namespace HaCluster.Operations.Alerts;

/// <summary>Sends a test alert through Alertmanager, which shows whether people are reached.</summary>
/// <param name="Severity"><c>critical</c>, <c>warning</c> or <c>info</c>.</param>
public sealed record SendTestAlert(string Severity = "warning") : OperationRequest
{
    public override string Command => "Test-HaAlert";

    public override string Target => $"a {Severity} test alert";

    internal override Task<Draft> PlanAsync(StepContext context, CancellationToken cancellationToken) => Task.FromResult(
        Severity is "critical" or "warning" or "info"
            ? new Draft($"Send a {Severity} test alert", [new TestAlertStep(Severity)])
            {
                Warnings = Severity == "critical" ? ["it reaches whoever is on call, like a real alert"] : [],
            }
            : Draft.Refused(new Refusal { Code = "SeverityUnknown", Kind = FailureKind.InvalidInput, Reason = $"{Severity} is not a severity", Advice = "Choose critical, warning or info" }));
}

internal sealed record TestAlertStep(string Severity) : Step
{
    private const string Name = "HaTestAlert";
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    public override string Id => "test-alert";

    public override string Title => $"Fire {Name} ({Severity}) for {Wording.Duration(Lasts)}";

    public override string Subject => $"alert/{Name}";

    public override TimeSpan Expected => TimeSpan.FromSeconds(3);

    public override async Task<StepCheck> CheckAsync(StepContext context, CancellationToken cancellationToken)
    {
        var alert = await FindAsync(context, cancellationToken);
        return StepCheck.DoneIf(alert is not null, Facts(("state", alert?.State ?? "none")), $"Alertmanager has it: {alert?.State}");
    }

    public override Task DoAsync(StepContext context, CancellationToken cancellationToken)
    {
        var now = context.Time.GetUtcNow();
        return context.Monitoring.Alertmanager.SendAsync(
            new Monitoring.TestAlert(
                ImmutableSortedDictionary<string, string>.Empty.Add("alertname", Name).Add("severity", Severity).Add("operation", context.OperationId),
                ImmutableSortedDictionary<string, string>.Empty
                    .Add("summary", $"Test alert of {context.Session.Operator}; nothing is wrong")
                    .Add("description", $"Sent by Test-HaAlert to check that alerts of severity {Severity} reach people. It resolves by itself within {Wording.Duration(Lasts)}."),
                now, now + Lasts),
            cancellationToken);
    }

    public override async Task<IReadOnlyDictionary<string, string>> VerifyAsync(StepContext context, CancellationToken cancellationToken)
    {
        AlertStatus? alert = null;
        await context.UntilAsync(this, Limit, async token => (alert = await FindAsync(context, token)) is null ? "Alertmanager does not list it yet" : null, cancellationToken);
        if (alert!.State is "silenced" or "inhibited")
            context.Warn($"the test alert is {alert.State}: nobody is notified");
        return Facts(("state", alert.State));
    }

    private static async Task<AlertStatus?> FindAsync(StepContext context, CancellationToken cancellationToken) =>
        (await context.Monitoring.Alertmanager.ListAlertsAsync(cancellationToken))
        .FirstOrDefault(alert => alert.Name == Name && context.OperationId.Length > 0 && alert.Labels.TryGetValue("operation", out var operation) && operation == context.OperationId);
}
