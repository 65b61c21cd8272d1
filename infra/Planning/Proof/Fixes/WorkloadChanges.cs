using System.Collections.Immutable;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Planning.Proof.Fixes;

/// <summary>Fixes of workloads: spread rules, more replicas, shorter termination and eviction times.</summary>
internal static class WorkloadChanges
{
    private const int MaxMore = 2;

    /// <summary>EKS gives up after 15 minutes.</summary>
    private static readonly TimeSpan LongestGrace = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan ShortToleration = TimeSpan.FromSeconds(30);

    public static IEnumerable<Candidate> MoreReplicas(ClusterModel model, Workload workload)
    {
        if (workload.Kind is not (WorkloadKind.Deployment or WorkloadKind.StatefulSet))
            yield break;
        // So many that enough remain after a zone with its share is lost.
        var zones = Math.Max(2, model.Zones.Length);
        var least = Enumerable.Range(workload.Replicas + 1, workload.MinServing + 2).First(count => count - ((count + zones - 1) / zones) >= workload.MinServing || count > workload.MinServing + 1);
        var isSpread = workload.Pods.Spread.Any(spread => spread.TopologyKey == Labels.Zone);
        for (var count = least; count <= least + MaxMore; count++)
        {
            // Workloads with a setting are spread by the program.
            var larger = (isSpread ? workload : Spread(workload, isRequired: false)) with { Replicas = count };
            var max = workload.MaxReplicas is { } most && most < count ? (int?)most : null;
            var changed = model.With(workload, larger with { MaxReplicas = max is null ? workload.MaxReplicas : count });
            if (workload.ReplicasSetting is { } setting)
            {
                var upper = setting.EndsWith("minReplicas", StringComparison.Ordinal) ? setting[..^"minReplicas".Length] + "maxReplicas" : null;
                yield return Candidate.Setting(
                    changed, Candidate.Edit(setting, workload.Replicas, count), max is { } old && upper is not null ? Candidate.Edit(upper, old, count) : null);
                continue;
            }

            // Several replicas without a disruption budget would be a new violation.
            var budget = BudgetChanges.IsCovered(model, workload) ? null : BudgetChanges.Own(workload);
            var snippet = Snippet.Of(larger, $"replicas: {count}", isSpread ? "" : $"topologySpreadConstraints:\n{Spreads(larger)}");
            yield return Candidate.Manifest(
                budget is null ? changed : changed.With(changed.Budgets.Add(budget)), NameOf(workload),
                budget is null ? snippet : $"{snippet}\n---\n{Snippet.Budget(budget.Namespace, budget.Name, budget.Selector)}",
                Candidate.Edit("spec.replicas", workload.Replicas, count), isSpread ? null : Candidate.Edit(SpreadPath(workload), "", $"one over {Labels.Zone}"),
                budget is null ? null : Candidate.Edit("its PodDisruptionBudget", "", "maxUnavailable 1"));
        }
    }

    /// <summary>A required spread over zones, or a preferred one if that does not fit.</summary>
    public static IEnumerable<Candidate> ReplicaSeparation(ClusterModel model, Workload workload)
    {
        foreach (var isRequired in new[] { true, false })
        {
            var spread = Spread(workload, isRequired);
            var from = workload.Pods.Spread.FirstOrDefault(one => one.TopologyKey == Labels.Zone) is { } old
                ? $"{(old.IsRequired ? "DoNotSchedule" : "ScheduleAnyway")} with maxSkew {old.MaxSkew}"
                : "";
            yield return Candidate.Manifest(
                model.With(workload, spread), NameOf(workload), Snippet.Pods(workload, $"topologySpreadConstraints:\n{Spreads(spread)}"),
                Candidate.Edit(SpreadPath(workload), from, $"{(isRequired ? "DoNotSchedule" : "ScheduleAnyway")} with maxSkew 1 over {Labels.Zone}"));
        }
    }

    /// <summary>Spread rules that count the pods of one revision only.</summary>
    public static IEnumerable<Candidate> SpreadByRevision(ClusterModel model, Workload workload)
    {
        if (PodFactory.RevisionLabel(workload.Kind) is not { } key)
            yield break;
        var spread = workload.Pods.Spread.Select(one => one with { MatchLabelKeys = [.. one.MatchLabelKeys.Where(other => other != key), key] });
        var changed = workload with { Pods = workload.Pods with { Spread = [.. spread] } };
        yield return Candidate.Manifest(
            model.With(workload, changed), NameOf(workload), Snippet.Pods(changed, $"topologySpreadConstraints:\n{Spreads(changed)}"),
            Candidate.Edit($"{SpreadPath(workload)}.matchLabelKeys", "", $"[{key}]"));
    }

    /// <summary>Old pods end before new ones start, and release their volume.</summary>
    public static IEnumerable<Candidate> Recreated(ClusterModel model, Workload workload)
    {
        var changed = workload with { MaxSurge = 0, MaxUnavailable = workload.Replicas };
        yield return Candidate.Manifest(
            model.With(workload, changed), NameOf(workload), Snippet.Of(changed, "strategy:\n  type: Recreate"), Candidate.Edit("spec.strategy.type", "RollingUpdate", "Recreate"));
    }

    /// <summary>A spread that ignores nodes on which the pod cannot run, otherwise a preferred one.</summary>
    public static IEnumerable<Candidate> LooserSpread(ClusterModel model, Workload workload)
    {
        yield return Change(workload.Pods.Spread.Select(spread => spread.IsRequired ? spread with { HonorsTaints = true } : spread), "nodeTaintsPolicy", "Ignore", "Honor");
        yield return Change(workload.Pods.Spread.Select(spread => spread with { IsRequired = false }), "whenUnsatisfiable", "DoNotSchedule", "ScheduleAnyway");

        Candidate Change(IEnumerable<TopologySpread> spread, string field, string from, string to)
        {
            var changed = workload with { Pods = workload.Pods with { Spread = [.. spread] } };
            return Candidate.Manifest(
                model.With(workload, changed), NameOf(workload), Snippet.Pods(changed, $"topologySpreadConstraints:\n{Spreads(changed)}"), Candidate.Edit($"{SpreadPath(workload)}.{field}", from, to));
        }
    }

    public static IEnumerable<Candidate> ShorterGrace(ClusterModel model, Workload workload)
    {
        var seconds = (int)LongestGrace.TotalSeconds;
        yield return Candidate.Manifest(
            model.With(workload, workload with { Pods = workload.Pods with { GracePeriod = LongestGrace } }), NameOf(workload),
            Snippet.Pods(workload, $"terminationGracePeriodSeconds: {seconds}"),
            Candidate.Edit($"{Snippet.PodPath(workload)}.terminationGracePeriodSeconds", (int)workload.Pods.GracePeriod.TotalSeconds, seconds));
    }

    /// <summary>Shorter tolerations, so that pods leave a dead node sooner.</summary>
    public static IEnumerable<Candidate> ShorterToleration(ClusterModel model, Workload workload)
    {
        Toleration[] shorter = [new(Taint.Unreachable.Key, true, "", TaintEffect.NoExecute, ShortToleration), new(Taint.NotReady.Key, true, "", TaintEffect.NoExecute, ShortToleration)];
        var tolerations = workload.Pods.Tolerations.Where(one => shorter.All(other => other.Key != one.Key)).Concat(shorter);
        var yaml = string.Join('\n', shorter.Select(one => $"- {{key: {one.Key}, operator: Exists, effect: NoExecute, tolerationSeconds: {(int)ShortToleration.TotalSeconds}}}"));
        yield return Candidate.Manifest(
            model.With(workload, workload with { Pods = workload.Pods with { Tolerations = [.. tolerations] } }), NameOf(workload), Snippet.Pods(workload, $"tolerations:\n{yaml}"),
            Candidate.Edit($"{Snippet.PodPath(workload)}.tolerations.tolerationSeconds", 300, (int)ShortToleration.TotalSeconds));
    }

    public static IEnumerable<Candidate> Limits(ClusterModel model, Workload workload)
    {
        var limited = workload with { Pods = workload.Pods with { LimitsMemory = true, LimitsEphemeral = true } };
        yield return Candidate.Manifest(
            model.With(workload, limited), NameOf(workload), null,
            Candidate.Edit($"{Snippet.PodPath(workload)}.containers.resources.limits", "", "memory and ephemeral-storage for every container"));
    }

    /// <summary>The object to change.</summary>
    public static string NameOf(Workload workload) =>
        workload.MadeFrom is { } source ? $"{source.Kind} {workload.Namespace}/{source.Name}" : $"{workload.ObjectKind} {workload.Id}";

    private static string SpreadPath(Workload workload) => $"{Snippet.PodPath(workload)}.topologySpreadConstraints";

    private static Workload Spread(Workload workload, bool isRequired)
    {
        var selector = workload.Selector ?? LabelSelector.Of(workload.Pods.Labels);
        var rule = new TopologySpread
        {
            TopologyKey = Labels.Zone,
            MaxSkew = 1,
            IsRequired = isRequired,
            Selector = selector,
            HonorsTaints = true,
            // Otherwise an update counts old pods, and may leave the new ones less evenly spread.
            MatchLabelKeys = workload.Kind == WorkloadKind.Deployment && PodFactory.RevisionLabel(workload.Kind) is { } key ? [key] : [],
        };
        return workload with { Pods = workload.Pods with { Spread = [.. workload.Pods.Spread.Where(one => one.TopologyKey != Labels.Zone), rule] } };
    }

    private static string Spreads(Workload workload) => string.Join('\n', workload.Pods.Spread.Select(Snippet.Spread));

    public static ClusterModel With(this ClusterModel model, Workload old, Workload @new) => model with { Workloads = model.Workloads.Replace(old, @new) };

    public static ClusterModel With(this ClusterModel model, ImmutableArray<DisruptionBudget> budgets) => model with { Budgets = budgets };
}
