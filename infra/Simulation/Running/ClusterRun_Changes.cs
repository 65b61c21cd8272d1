using System.Collections.Immutable;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running.Controllers;

namespace HaCluster.Simulation.Running;

/// <content>Changes while the run goes on.</content>
public sealed partial class ClusterRun
{
    /// <summary>When the next event is due; null when none is.</summary>
    public TimeSpan? NextAt => _run.Agenda.NextAt;

    /// <summary>Applies a change now; its consequences take time.</summary>
    /// <exception cref="ArgumentException">It names an object that does not exist or cannot be changed this way; nothing is changed then.</exception>
    public void Apply(Change change)
    {
        Changes.Apply(_run, change);
        RunLoop.Settle(_run);
    }

    /// <summary>Evicts a pod, if its budget allows it now.</summary>
    /// <param name="pod">As <c>namespace/name</c>.</param>
    /// <returns>Why it is refused; null when the pod is ending.</returns>
    /// <exception cref="ArgumentException">There is no such pod.</exception>
    public string? Evict(string pod)
    {
        var found = Disruptions.Pod(_run, pod) ?? throw new ArgumentException($"{pod} does not exist: name a pod as namespace/name", nameof(pod));
        var refusal = Evictions.Evict(_run, found, "evicted through the API");
        RunLoop.Settle(_run);
        return refusal;
    }

    /// <summary>Advances virtual time to <paramref name="at"/>, also when nothing happens until then. Does nothing when that is past.</summary>
    public void AdvanceTo(TimeSpan at)
    {
        RunLoop.Run(_run, at);
        if (at > _run.Now)
            _run.Now = at;
    }

    /// <summary>The events since the last call, which are forgotten: for a run that goes on for long.</summary>
    public ImmutableArray<RunEvent> TakeEvents()
    {
        ImmutableArray<RunEvent> events = [.. _run.Events];
        _run.Events.Clear();
        return events;
    }

    /// <summary>Workloads that may have changed since the last call, also deleted ones.</summary>
    public ImmutableArray<Workload> TakeChanged() => [.. _run.Workloads.TakeTouched().Select(slot => _run.Workloads.ForReading[slot].Workload)];
}
