using System.Globalization;
using HaCluster.Operations.Backups;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Running;

namespace HaCluster.Operations.Chains;

/// <summary>
/// Recreates a chain node from the newest snapshot of its set, as infra/Stack/Chains/RESTORE.md describes, or clears the data of its consensus client, and
/// waits until it runs.
/// </summary>
/// <param name="Consensus">Only the data of its consensus client, which then synchronises from its checkpoint; the chain's data stays.</param>
/// <param name="Snapshot">Refused unless it is the newest ready one of the set, which the set's volumes job takes; null: that one.</param>
public sealed record RestoreChainReplica(string Pod, bool Consensus, string? Snapshot, TimeSpan Timeout, string Namespace = "chains") : OperationRequest
{
    private static readonly TimeSpan JobLimit = TimeSpan.FromMinutes(15);

    public override string Command => "Restore-HaChainReplica";

    public override string Target => $"{(Consensus ? "consensus data of " : "")}chain node {Namespace}/{Pod}";

    internal override async Task<Draft> PlanAsync(StepContext context, CancellationToken cancellationToken)
    {
        var (found, refusal) = await ChainReading.FindAsync(context, Namespace, Pod, cancellationToken);
        if (found is null)
            return Draft.Refused(refusal!);
        var claim = await context.Kubernetes.FindAsync(Kinds.PersistentVolumeClaims, Namespace, $"data-{Pod}", cancellationToken);
        var stamp = context.Time.GetUtcNow().ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
        return Consensus ? PlanConsensus(found, claim is not null, stamp) : await PlanWholeAsync(context, found, claim?.Metadata.Uid ?? "", stamp, cancellationToken);
    }

    private async Task<Draft> PlanWholeAsync(StepContext context, ChainReading found, string claim, string stamp, CancellationToken cancellationToken)
    {
        var set = found.Set.Metadata.Name;
        // As the job chooses: by the label of the set (infra/Stack/Chains/Upkeep/MaintenanceScripts.cs).
        var snapshots = (await context.Kubernetes.ListServedAsync(Kinds.VolumeSnapshots, ListScope.In(Namespace), cancellationToken))
            .Where(snapshot => (string?)snapshot["metadata"]?["labels"]?["app.kubernetes.io/name"] == set && snapshot["metadata"]?["deletionTimestamp"] is null)
            .Where(snapshot => snapshot["status"]?["readyToUse"]?.GetValue<bool>() == true)
            .OrderByDescending(snapshot => (string?)snapshot["status"]?["creationTime"], StringComparer.Ordinal)
            .Select(StartBackup.NameOf).ToList();
        return new Draft(
            $"Recreate {Pod} from {(snapshots.Count > 0 ? $"snapshot {snapshots[0]}" : "nothing: it synchronises from its peers")}",
            [
                new DetachSetStep(Namespace, set, DetachSetStep.Manifest(found.Set)),
                new RemoveReplicaStep(Namespace, set, Pod, found.Pod?.Metadata.Uid ?? "", claim),
                new JobStep(Namespace, $"{set}-volumes", $"{set}-restore-{stamp}", $"Create the volume of {Pod}", JobLimit),
                new AttachSetStep(Namespace, set, DetachSetStep.Manifest(found.Set), Pod, Timeout),
            ])
        {
            Refusals =
            [
                .. found.AgainstTaking(Pod),
                .. Snapshot is not null && Snapshot != snapshots.FirstOrDefault()
                    ? new[]
                    {
                        new Refusal
                        {
                            Code = "NotTheNewest", Kind = FailureKind.InvalidInput, Reason = $"the job {set}-volumes restores from the newest ready snapshot, which is {snapshots.FirstOrDefault() ?? "none"} and not {Snapshot}",
                            Advice = "Delete the newer ones if they are broken",
                        },
                    }
                    : [],
                .. snapshots.Count == 0
                    ? new[] { new Refusal { Code = "NoSnapshot", Reason = $"{set} has no ready snapshot: {Pod} would start empty, and synchronise for days", Advice = "Take one of a healthy node first (Start-HaBackup -Scope chains); -Force starts empty", Forceable = true } }
                    : [],
            ],
            Warnings = ["the old volume stays in AWS, and is charged for, until someone deletes it"],
        };
    }

    /// <summary>The data is on the node's one volume: a job deletes it while the node is away.</summary>
    private Draft PlanConsensus(ChainReading found, bool hasClaim, string stamp)
    {
        var set = found.Set.Metadata.Name;
        if (ConsensusData.Find(found.Set) is not { } data || !hasClaim)
        {
            return Draft.Refused(new Refusal
            {
                Code = "NoConsensusClient",
                Kind = FailureKind.InvalidInput,
                Reason = hasClaim ? $"{Pod} has no consensus client with data of its own on its volume" : $"{Pod} has no volume data-{Pod}",
                Advice = "Restore the whole node, without -Consensus",
            });
        }
        var manifest = DetachSetStep.Manifest(found.Set);
        return new Draft(
            $"Clear {data.Path} of {Pod}; its consensus client starts again from its checkpoint",
            [
                new DetachSetStep(Namespace, set, manifest),
                new RemoveReplicaStep(Namespace, set, Pod, found.Pod?.Metadata.Uid ?? "", ClaimUid: ""),
                new SpecifiedJobStep(Namespace, $"{set}-clear-{stamp}", $"Delete {data.Path} on the volume of {Pod}", data.ClearingJob(found.Set, $"data-{Pod}"), JobLimit),
                new AttachSetStep(Namespace, set, manifest, Pod, Timeout),
            ])
        {
            Refusals =
            [
                .. found.AgainstTaking(Pod),
                .. Snapshot is not null
                    ? new[] { new Refusal { Code = "SnapshotNotUsed", Kind = FailureKind.InvalidInput, Reason = "consensus data is not restored from a snapshot", Advice = "Leave -Snapshot out, or -Consensus" } }
                    : [],
            ],
        };
    }
}
