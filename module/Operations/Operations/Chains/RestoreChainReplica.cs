using System.Globalization;
using HaCluster.Operations.Backups;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Running;

namespace HaCluster.Operations.Chains;

/// <summary>Recreates a chain node from the newest snapshot of its set, as infra/Stack/Chains/RESTORE.md describes, and waits until it runs.</summary>
/// <param name="Consensus">Only the data of its consensus client. The consensus data is on the node's one volume and cannot be cleared from outside: refused.</param>
/// <param name="Snapshot">Refused unless it is the newest ready one of the set, which the set's volumes job takes; null: that one.</param>
public sealed record RestoreChainReplica(string Pod, bool Consensus, string? Snapshot, TimeSpan Timeout, string Namespace = "chains") : OperationRequest
{
    private static readonly TimeSpan JobLimit = TimeSpan.FromMinutes(15);

    public override string Command => "Restore-HaChainReplica";

    public override string Target => $"chain node {Namespace}/{Pod}";

    internal override async Task<Draft> PlanAsync(StepContext context, CancellationToken cancellationToken)
    {
        var (found, refusal) = await ChainReading.FindAsync(context, Namespace, Pod, cancellationToken);
        if (found is null)
            return Draft.Refused(refusal!);
        var set = found.Set.Metadata.Name;
        var snapshots = (await context.Kubernetes.ListAsync(Kinds.VolumeSnapshots, ListScope.In(Namespace), cancellationToken)).Items
            .Where(snapshot => snapshot["spec"]?["source"]?["persistentVolumeClaimName"]?.GetValue<string>().StartsWith($"data-{set}-", StringComparison.Ordinal) == true)
            .Where(snapshot => snapshot["status"]?["readyToUse"]?.GetValue<bool>() == true)
            .OrderByDescending(snapshot => snapshot["status"]?["creationTime"]?.GetValue<string>(), StringComparer.Ordinal)
            .Select(StartBackup.NameOf).ToList();
        var claim = await context.Kubernetes.FindAsync(Kinds.PersistentVolumeClaims, Namespace, $"data-{Pod}", cancellationToken);
        var stamp = context.Time.GetUtcNow().ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
        return new Draft(
            $"Recreate {Pod} from {(snapshots.Count > 0 ? $"snapshot {snapshots[0]}" : "nothing: it synchronises from its peers")}",
            [
                new DetachSetStep(Namespace, set, DetachSetStep.Manifest(found.Set)),
                new RemoveReplicaStep(Namespace, set, Pod, found.Pod?.Metadata.Uid ?? "", claim?.Metadata.Uid ?? ""),
                new JobStep(Namespace, $"{set}-volumes", $"{set}-restore-{stamp}", $"Make the volume of {Pod}", JobLimit),
                new AttachSetStep(Namespace, set, DetachSetStep.Manifest(found.Set), Pod, Timeout),
            ])
        {
            Refusals =
            [
                .. found.AgainstTaking(Pod),
                .. Consensus
                    ? new[]
                    {
                        new Refusal
                        {
                            Code = "ConsensusAlone", Kind = FailureKind.InvalidInput,
                            Reason = $"the data of the consensus client of {Pod} is on the same volume as the chain, and nothing outside the pod can delete it alone",
                            Advice = $"kubectl -n {Namespace} exec {Pod} -c lighthouse -- rm -rf the beacon folder, then delete the pod; or restore the whole node without -Consensus",
                        },
                    }
                    : [],
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
            Warnings = ["the old volume stays in AWS until somebody deletes it, and is paid for"],
        };
    }
}
