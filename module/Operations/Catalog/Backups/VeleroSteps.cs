using System.Text.Json.Nodes;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Running;

namespace HaCluster.Operations.Backups;

/// <summary>An object of Velero that is made, and then worked on by Velero until its phase is final.</summary>
internal abstract record VeleroStep : Step
{
    public abstract TimeSpan Timeout { get; init; }

    public override TimeSpan Expected => TimeSpan.FromMinutes(3);

    protected abstract Task<JsonObject?> FindAsync(StepContext context, CancellationToken cancellationToken);

    public override async Task<StepCheck> CheckAsync(StepContext context, CancellationToken cancellationToken)
    {
        var phase = Phase(await FindAsync(context, cancellationToken));
        var found = Facts(("phase", phase));
        return phase switch
        {
            "none" => StepCheck.ToDo(found),
            "Completed" or "PartiallyFailed" => StepCheck.Done(found, $"it is {phase}"),
            _ => StepCheck.UnderWay(found, $"it is {phase}"),
        };
    }

    public override async Task<IReadOnlyDictionary<string, string>> VerifyAsync(StepContext context, CancellationToken cancellationToken)
    {
        JsonObject? subject = null;
        await context.UntilAsync(this, Timeout, async token =>
        {
            subject = await FindAsync(context, token);
            return Phase(subject) switch
            {
                "Completed" or "PartiallyFailed" => null,
                "Failed" or "FailedValidation" => throw context.NotReached(this, $"Velero says {Phase(subject)}: {Reasons(subject)}"),
                var phase => $"Velero says {phase}",
            };
        }, cancellationToken);
        if (Phase(subject) == "PartiallyFailed")
            context.Warn($"{Subject} is PartiallyFailed: {subject!["status"]?["errors"] ?? 0} errors; the rest of it is good");
        if (subject!["status"]?["progress"] is JsonObject progress && progress.ContainsKey("totalItems") && progress["totalItems"]!.GetValue<int>() == 0)
            context.Warn($"{Subject} has no item: nothing matched");
        return Facts(("phase", Phase(subject)));
    }

    private static string Phase(JsonObject? subject) => subject is null ? "none" : subject["status"]?["phase"]?.GetValue<string>() ?? "New";

    private static string Reasons(JsonObject? subject) =>
        subject?["status"]?["validationErrors"] is JsonArray errors ? string.Join("; ", errors.Select(error => error!.GetValue<string>())) : subject?["status"]?["failureReason"]?.GetValue<string>() ?? "no reason given";

    protected static async Task CreateAsync(StepContext context, Kind<JsonObject> kind, string @namespace, string name, JsonObject spec, JsonObject labels, CancellationToken cancellationToken)
    {
        var subject = new JsonObject
        {
            ["apiVersion"] = kind.ApiVersion,
            ["kind"] = kind.Name,
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = @namespace, ["labels"] = labels, ["annotations"] = new JsonObject { ["ha-cluster/operation"] = context.OperationId } },
            ["spec"] = spec,
        };
        try
        {
            await context.Kubernetes.CreateAsync(kind, @namespace, subject, cancellationToken);
        }
        catch (HaClusterException e) when (e.Kind == FailureKind.AlreadyExists)
        {
            // The response of an earlier attempt was lost.
        }
    }
}

/// <summary>Takes a Velero backup as one of its schedules would.</summary>
internal sealed record VeleroBackupStep(string Namespace, string Schedule, string Backup, TimeSpan Timeout) : VeleroStep
{
    public override TimeSpan Timeout { get; init; } = Timeout;

    public override string Id => $"backup/{Backup}";

    public override string Title => $"Back up as {Backup}";

    public override string Subject => $"backup/{Backup}";

    public override async Task DoAsync(StepContext context, CancellationToken cancellationToken)
    {
        var schedule = await context.Kubernetes.FindAsync(Kinds.Schedules, Namespace, Schedule, cancellationToken) ?? throw new HaClusterException(
            FailureKind.NotFound, "GET schedules", Schedule, "there is no such schedule", "Get-HaBackup lists them");
        await CreateAsync(context, Kinds.Backups, Namespace, Backup, schedule["spec"]!["template"]!.DeepClone().AsObject(), new JsonObject { ["velero.io/schedule-name"] = Schedule }, cancellationToken);
    }

    protected override Task<JsonObject?> FindAsync(StepContext context, CancellationToken cancellationToken) => context.Kubernetes.FindAsync(Kinds.Backups, Namespace, Backup, cancellationToken);
}

/// <summary>Restores from a Velero backup.</summary>
internal sealed record VeleroRestoreStep(string Namespace, string Backup, string Restore, string? From, string? Into, TimeSpan Timeout) : VeleroStep
{
    public override TimeSpan Timeout { get; init; } = Timeout;

    public override string Id => $"restore/{Restore}";

    public override string Title => $"Restore {From ?? "everything"} of {Backup}{(Into is null ? "" : $" into {Into}")}";

    public override string Subject => $"restore/{Restore}";

    public override Task DoAsync(StepContext context, CancellationToken cancellationToken)
    {
        var spec = new JsonObject { ["backupName"] = Backup, ["includedNamespaces"] = new JsonArray(From ?? "*") };
        if (Into is not null)
            spec["namespaceMapping"] = new JsonObject { [From!] = Into };
        return CreateAsync(context, Kinds.Restores, Namespace, Restore, spec, [], cancellationToken);
    }

    protected override Task<JsonObject?> FindAsync(StepContext context, CancellationToken cancellationToken) => context.Kubernetes.FindAsync(Kinds.Restores, Namespace, Restore, cancellationToken);
}
