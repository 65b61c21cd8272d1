using System.Collections.Immutable;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running.State;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running.Controllers;

/// <summary>
/// Deployments, and Jobs, whose pods are replaced in the same way: a deleted pod is replaced at once. An update moves replicas from the old ReplicaSets to
/// the new one (https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/controller/deployment/rolling.go).
/// </summary>
internal static class Deployments
{
    public static void Reconcile(RunState run, WorkloadRun workload)
    {
        if (workload.IsUpdating)
            Roll(run, workload);
        Scale(run, workload, workload.Revision, workload.NewTarget, workload.Template);
        if (!workload.IsUpdating)
            return;
        foreach (var old in workload.OldSets)
            Scale(run, workload, old.Revision, old.Target, old.Template);
    }

    /// <summary>The ReplicaSet of these pods becomes the new one: an earlier one of the same pods, or another with no replicas yet.</summary>
    public static void Update(WorkloadRun workload, PodSpec pods)
    {
        var earlier = workload.OldSets.FirstOrDefault(old => ReferenceEquals(old.Pods, pods));
        var old = new ReplicaSetRun(workload.Revision, workload.Template, workload.Workload.Pods, workload.NewTarget);
        var sets = (earlier is null ? workload.OldSets : workload.OldSets.Remove(earlier)).Add(old);
        workload.OldSets = sets.Length > ReplicaSetRun.Kept && sets[0].Target == 0 ? sets.RemoveAt(0) : sets;
        (workload.Revision, workload.Template, workload.NewTarget) = earlier is null
            ? (++workload.LastRevision, PodFactory.OfRevision(workload.Workload, pods, workload.LastRevision), 0)
            : (earlier.Revision, earlier.Template, earlier.Target);
    }

    /// <summary>
    /// Other numbers of replicas. During an update all ReplicaSets grow or shrink in proportion
    /// (https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/controller/deployment/sync.go, <c>scale</c>).
    /// </summary>
    public static void Resize(WorkloadRun workload)
    {
        var declared = workload.Workload;
        var active = workload.OldSets.Count(old => old.Target > 0);
        if (active == 0 || workload.NewTarget >= declared.Replicas)
        {
            workload.NewTarget = declared.Replicas;
            return;
        }

        var sizes = workload.OldSets.Select(old => old.Target).Append(workload.NewTarget).ToArray();
        var total = sizes.Sum();
        var change = (declared.Replicas > 0 ? declared.Replicas + declared.MaxSurge : 0) - total;
        var rest = change;
        for (var at = sizes.Length - 1; at >= 0 && total > 0; at--)
        {
            var share = Math.Clamp((int)Math.Round((double)change * sizes[at] / total, MidpointRounding.AwayFromZero), Math.Min(rest, 0), Math.Max(rest, 0));
            sizes[at] += share;
            rest -= share;
        }

        var largest = Array.IndexOf(sizes, sizes.Max());
        sizes[largest] = Math.Max(0, sizes[largest] + rest);
        workload.OldSets = [.. workload.OldSets.Select((old, at) => old with { Target = sizes[at] })];
        workload.NewTarget = sizes[^1];
    }

    private static void Roll(RunState run, WorkloadRun workload)
    {
        var declared = workload.Workload;
        // Kubernetes does not let both be zero.
        var unavailable = declared is { MaxSurge: 0, MaxUnavailable: 0 } ? 1 : declared.MaxUnavailable;
        var old = workload.OldSets.Sum(set => set.Target);
        workload.NewTarget += Math.Max(0, Math.Min(declared.Replicas + declared.MaxSurge - old - workload.NewTarget, declared.Replicas - workload.NewTarget));

        var available = Active(workload, workload.Revision).Count(pod => pod.IsAvailable);
        var oldAvailable = workload.OldSets.Select(set => set.Target == 0 ? 0 : Active(workload, set.Revision).Count(pod => pod.IsAvailable)).ToArray();
        var least = declared.Replicas - unavailable;
        var mayGo = old + workload.NewTarget - least - (workload.NewTarget - available);
        if (mayGo > 0)
        {
            var sets = workload.OldSets.ToBuilder();
            TakeAway(sets, mayGo, at => sets[at].Target - Math.Min(oldAvailable[at], sets[at].Target));
            TakeAway(sets, available + oldAvailable.Sum() - least, at => sets[at].Target);
            workload.OldSets = sets.ToImmutable();
        }

        if (workload.OldSets.Any(set => set.Target > 0) || available < declared.Replicas)
            return;
        workload.IsUpdating = false;
        foreach (var pod in workload.Pods.Where(pod => pod.Revision != workload.Revision && !pod.IsTerminating).ToArray())
            Pods.Delete(run, pod, isLoss: false);
        run.Log(new RunEvent.WorkloadUpdateEnded(run.Now, declared.Id));
    }

    /// <summary>From the oldest on.</summary>
    /// <param name="most">Of all of them.</param>
    /// <param name="mostOf">Of the one at an index.</param>
    private static void TakeAway(ImmutableArray<ReplicaSetRun>.Builder sets, int most, Func<int, int> mostOf)
    {
        for (var at = 0; at < sets.Count && most > 0; at++)
        {
            var taken = Math.Min(most, mostOf(at));
            most -= taken;
            if (taken > 0)
                sets[at] = sets[at] with { Target = sets[at].Target - taken };
        }
    }

    private static void Scale(RunState run, WorkloadRun workload, int revision, int target, PodSpec template)
    {
        var active = Active(workload, revision);
        foreach (var pod in active.OrderBy(Worth).ThenByDescending(pod => pod.Sequence).Take(active.Length - target))
            Pods.Delete(run, pod, isLoss: false);
        if (active.Length >= target)
            return;
        foreach (var ordinal in FreeOrdinals(workload).Take(target - active.Length))
        {
            if (!Pods.Create(run, workload, ordinal, template, revision))
                return;
        }
    }

    /// <summary>The order of deletion: pods without a node first, then pods that are not ready.</summary>
    private static int Worth(PodRun pod) => pod.Node is null ? 0 : pod.IsListed ? 2 : 1;

    private static PodRun[] Active(WorkloadRun workload, int revision) =>
        [.. workload.Pods.Where(pod => !pod.IsTerminating && pod.Revision == revision)];

    /// <summary>A replacement takes over the ordinal and volume of the replaced pod.</summary>
    private static IEnumerable<int> FreeOrdinals(WorkloadRun workload)
    {
        var used = workload.Pods.Where(pod => !pod.IsTerminating).Select(pod => pod.Pod.Ordinal).ToHashSet();
        return Enumerable.Range(0, int.MaxValue).Where(ordinal => !used.Contains(ordinal));
    }
}
