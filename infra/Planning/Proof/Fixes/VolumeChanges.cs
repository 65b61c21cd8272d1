using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Proof.Fixes;

/// <summary>A storage class that the cluster has and that can make the volume, or a volume for each replica in place of one that only one node can use.</summary>
internal static class VolumeChanges
{
    public static IEnumerable<Candidate> Of(ClusterModel model, Workload workload) => OtherClass(model, workload).Concat(VolumePerReplica(model, workload));

    private static IEnumerable<Candidate> OtherClass(ClusterModel model, Workload workload)
    {
        foreach (var claim in workload.Pods.Volumes.Where(claim => claim.Owner is ClaimOwner.Other or ClaimOwner.StatefulSet))
        {
            var able = model.Storage.Classes.Where(one => one.Name != claim.StorageClass && one.Driver.Provisions && one.Driver.Lacks(claim.Access, claim.IsBlock) == VolumeAccess.None);
            foreach (var storageClass in able.OrderByDescending(one => one.IsDefault))
            {
                VolumeClaim Moved(VolumeClaim old) => old with { StorageClass = storageClass.Name, Class = storageClass };
                var changed = workload with { Pods = workload.Pods with { Volumes = [.. workload.Pods.Volumes.Select(one => one == claim ? Moved(one) : one)] } };
                var from = claim.StorageClass ?? "";
                if (claim.Owner == ClaimOwner.StatefulSet)
                {
                    yield return Candidate.Manifest(
                        model.With(workload, changed), WorkloadChanges.NameOf(workload), null, Candidate.Edit("spec.volumeClaimTemplates.spec.storageClassName", from, storageClass.Name));
                    continue;
                }

                var storage = model.Storage with
                {
                    Claims = [.. model.Storage.Claims.Select(one => one.Namespace == workload.Namespace && one.Name == claim.Name ? one with { Request = Moved(one.Request) } : one)],
                };
                yield return Candidate.Manifest(
                    model.With(workload, changed) with { Storage = storage }, $"PersistentVolumeClaim {workload.Namespace}/{claim.Name}",
                    Snippet.Claim(workload.Namespace, claim.Name, storageClass.Name), Candidate.Edit("spec.storageClassName", from, storageClass.Name));
            }
        }
    }

    /// <summary>A StatefulSet in place of the Deployment: replicas then no longer share their data.</summary>
    private static IEnumerable<Candidate> VolumePerReplica(ClusterModel model, Workload workload)
    {
        if (workload is not { Kind: WorkloadKind.Deployment, ObjectKind: "Deployment", Replicas: > 1, MadeFrom: null } || model.Storage.NodeBoundClaimOf(workload) is not { } shared)
            yield break;
        var own = shared with { Owner = ClaimOwner.StatefulSet };
        var changed = workload with
        {
            Kind = WorkloadKind.StatefulSet,
            ObjectKind = "StatefulSet",
            MaxSurge = 0,
            MaxUnavailable = 1,
            Pods = workload.Pods with { Volumes = [.. workload.Pods.Volumes.Select(claim => claim == shared ? own : claim)] },
        };
        yield return Candidate.Manifest(
            model.With(workload, changed), WorkloadChanges.NameOf(workload), null, Candidate.Edit("kind", "Deployment", "StatefulSet"),
            Candidate.Edit("spec.volumeClaimTemplates", $"the claim {shared.Name} of all replicas", $"a claim {shared.Name} for each replica, whose data they no longer share"));
    }
}
