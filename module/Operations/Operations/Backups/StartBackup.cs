using System.Globalization;
using System.Text.Json.Nodes;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Running;

namespace HaCluster.Operations.Backups;

/// <summary>Takes a backup now, and waits until it is complete.</summary>
/// <param name="Scope"><c>cluster</c> (Velero, from a schedule) or <c>chains</c> (volume snapshots of a chain or one of its sets).</param>
/// <param name="Name">The schedule or the chain; null: <c>velero-volumes</c>, or all chains.</param>
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
            _ => Task.FromResult(Draft.Refused(new Refusal
            {
                Code = "ScopeUnknown",
                Kind = FailureKind.InvalidInput,
                Reason = Scope switch
                {
                    "logs" => "snapshots of the OpenSearch domain cannot be taken from here: its API answers only inside the VPC, to its master user",
                    "databases" => "Aurora backs databases up continuously; there is nothing to start",
                    _ => $"{Scope} is not a scope of backups",
                },
                Advice = Scope switch
                {
                    "logs" => "From a pod with access: PUT _snapshot/REPOSITORY/manual-DATE (runbook OpenSearchSnapshotFails)",
                    "databases" => "Restore to a point in time with RDS",
                    _ => "Choose cluster or chains",
                },
            })),
        };
    }

    private async Task<Draft> PlanClusterAsync(StepContext context, string stamp, CancellationToken cancellationToken)
    {
        var schedules = (await context.Kubernetes.ListAsync(Kinds.Schedules, ListScope.All, cancellationToken)).Items;
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

    internal static string NameOf(JsonObject subject) => subject["metadata"]!["name"]!.GetValue<string>();

    private static Draft Unknown(string reason, IEnumerable<string> known) => Draft.Refused(new Refusal
    {
        Code = "BackupUnknown", Kind = FailureKind.NotFound, Reason = reason, Advice = known.Any() ? $"There are {string.Join(", ", known)}" : "None is switched on: ha-cluster:backups, ha-cluster:chains.snapshots",
    });
}
