using System.Globalization;
using System.Text.Json.Nodes;
using HaCluster.Operations.Databases;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Running;

namespace HaCluster.Operations.Backups;

/// <summary>Takes a backup now, and waits until it is complete.</summary>
/// <param name="Scope">
/// <c>cluster</c> (Velero, from a schedule), <c>chains</c> (volume snapshots of a chain or one of its sets), <c>databases</c> (snapshots of database clusters) or
/// <c>logs</c> (a snapshot of OpenSearch).
/// </param>
/// <param name="Name">The schedule, the chain or the database; null: <c>velero-volumes</c>, all chains, or all databases.</param>
public sealed record StartBackup(string Scope, string? Name, TimeSpan Timeout) : OperationRequest
{
    private const string ChainsNamespace = "chains";
    private const string SnapshotsSuffix = "-snapshots";
    private const string DefaultSchedule = "velero-volumes";

    public override string Command => "Start-HaBackup";

    public override string Target => Name is null ? $"backup of {Scope}" : $"backup of {Scope} {Name}";

    internal override Task<Draft> PlanAsync(StepContext context, CancellationToken cancellationToken)
    {
        var stamp = context.Time.GetUtcNow().ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
        return Scope switch
        {
            "cluster" => PlanClusterAsync(context, stamp, cancellationToken),
            "chains" => PlanChainsAsync(context, stamp, cancellationToken),
            "databases" => PlanDatabasesAsync(context, stamp, cancellationToken),
            "logs" => PlanLogsAsync(context, stamp, cancellationToken),
            _ => Task.FromResult(Draft.Refused(new Refusal
            {
                Code = "ScopeUnknown",
                Kind = FailureKind.InvalidInput,
                Reason = $"{Scope} is not a scope of backups",
                Advice = "Choose cluster, chains, databases or logs",
            })),
        };
    }

    private async Task<Draft> PlanClusterAsync(StepContext context, string stamp, CancellationToken cancellationToken)
    {
        var schedules = await context.Kubernetes.ListServedAsync(Kinds.Schedules, ListScope.All, cancellationToken);
        var schedule = schedules.FirstOrDefault(schedule => NameOf(schedule) == (Name ?? DefaultSchedule)) ?? (Name is null && schedules.Count == 1 ? schedules[0] : null);
        return schedule is null
            ? Unknown($"there is no backup schedule {Name ?? DefaultSchedule}", schedules.Select(NameOf))
            : new Draft($"Back up with {NameOf(schedule)}", [new VeleroBackupStep(schedule["metadata"]!["namespace"]!.GetValue<string>(), NameOf(schedule), $"{NameOf(schedule)}-{stamp}", Timeout)]);
    }

    private async Task<Draft> PlanChainsAsync(StepContext context, string stamp, CancellationToken cancellationToken)
    {
        var jobs = (await context.Kubernetes.ListAsync(JobStep.CronJobs, ListScope.In(ChainsNamespace), cancellationToken)).Items.Select(NameOf)
            .Where(name => name.EndsWith(SnapshotsSuffix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        // A set is called after its chain: ethereum-geth belongs to ethereum, and one job takes the snapshots of a chain.
        var meant = jobs.Where(job => Name is null || job[..^SnapshotsSuffix.Length] is var chain && (Name == chain || Name.StartsWith(chain + "-", StringComparison.Ordinal))).ToList();
        return meant.Count == 0
            ? Unknown(Name is null ? "no chain takes snapshots" : $"chain {Name} takes no snapshots", jobs.Select(job => job[..^SnapshotsSuffix.Length]))
            : new Draft($"Take snapshots of {string.Join(", ", meant.Select(job => job[..^SnapshotsSuffix.Length]))}", [.. meant.Select(job => new JobStep(ChainsNamespace, job, $"{job}-{stamp}", $"Take snapshots of {job[..^SnapshotsSuffix.Length]}", Timeout))]);
    }

    private async Task<Draft> PlanDatabasesAsync(StepContext context, string stamp, CancellationToken cancellationToken)
    {
        var databases = (await context.DatabasesAsync(cancellationToken)).OrderBy(database => database.Identifier, StringComparer.Ordinal).ToList();
        var single = await context.Aws("databases").Databases.ListSingleInstancesAsync(context.Session.ClusterName, cancellationToken);
        if (single.FirstOrDefault(one => string.Equals(one, Name, StringComparison.OrdinalIgnoreCase)) is { } instance)
            return Draft.Refused(NotCluster(instance));
        var meant = databases.Where(database => Name is null || string.Equals(database.Identifier, Name, StringComparison.OrdinalIgnoreCase)).ToList();
        return meant.Count == 0
            ? Unknown(Name is null ? "this cluster has no database" : $"this cluster has no database {Name}", databases.Select(database => database.Identifier))
            : new Draft(
                $"Take snapshots of {string.Join(", ", meant.Select(database => database.Identifier))}",
                [.. meant.Select(database => new DatabaseSnapshotStep(database.Identifier, $"{database.Identifier}-manual-{stamp}", Timeout))])
            {
                Refusals = [.. meant.Where(database => database.Status != "available").Select(database => new Refusal
                {
                    Code = "DatabaseNotAvailable", Kind = FailureKind.Conflict, Reason = $"database {database.Identifier} is {database.Status}", Advice = "RDS takes a snapshot only of one that is available: wait for it",
                })],
                Warnings =
                [
                    "a manual snapshot is kept, and charged for, until someone deletes it; RDS also backs the databases up continuously",
                    .. Name is null ? single.Select(one => NotCluster(one).ToString()) : [],
                ],
            };
    }

    /// <summary>The stack declares clusters only, and those are what is restored by its pages: an instance by itself is someone's own.</summary>
    private static Refusal NotCluster(string instance) => new()
    {
        Code = "DatabaseNotCluster",
        Kind = FailureKind.InvalidInput,
        Reason = $"database instance {instance} is in no database cluster, and this takes snapshots of clusters only",
        Advice = $"Take it with aws rds create-db-snapshot --db-instance-identifier {instance} --db-snapshot-identifier NAME",
    };

    private async Task<Draft> PlanLogsAsync(StepContext context, string stamp, CancellationToken cancellationToken)
    {
        var (step, refusal) = await SearchSnapshotJob.PlanAsync(context, stamp, Timeout, cancellationToken);
        return step is null ? Draft.Refused(refusal!) : new Draft(step.Title, [step]);
    }

    internal static string NameOf(JsonObject subject) => subject["metadata"]!["name"]!.GetValue<string>();

    private static Draft Unknown(string reason, IEnumerable<string> known) => Draft.Refused(new Refusal
    {
        Code = "BackupUnknown",
        Kind = FailureKind.NotFound,
        Reason = reason,
        Advice = Advice.Available(known, "None is switched on: ha-cluster:backups, ha-cluster:chains.snapshots, ha-cluster:databases"),
    });
}
