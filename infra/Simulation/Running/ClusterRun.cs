using System.Collections.Immutable;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running.Controllers;
using HaCluster.Simulation.Running.State;
using HaCluster.Simulation.Running.Status;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running;

/// <summary>
/// Simulates in virtual time how the controllers of Kubernetes and EKS react to disruptions and changes, event by event. No clock is read and nothing is
/// random: the same model, options, disruptions and changes give the same events. Not thread-safe, but copies are independent.
/// </summary>
public sealed partial class ClusterRun
{
    private readonly RunState _run;

    private ClusterRun(RunState run) => _run = run;

    /// <summary>
    /// The cluster in its steady state: pods created as far as quotas admit them and scheduled by priority, nodes added while they help Pending pods
    /// (if the cluster is autoscaled and can launch), all pods ready. Virtual time is 0 and there are no events. Unscheduled pods are in
    /// <see cref="Pending"/>.
    /// </summary>
    /// <exception cref="ArgumentException">Two workloads have the same kind, namespace and name.</exception>
    public static ClusterRun InSteadyState(ClusterModel model, RunOptions options) => new(SteadyState.Of(model, options));

    /// <summary>As it is declared now, after all changes.</summary>
    public ClusterModel Model => _run.Model;

    public ClusterState State => _run.Cluster;

    /// <summary>Virtual time since the steady state.</summary>
    public TimeSpan Now => _run.Now;

    /// <summary>In order of time.</summary>
    public IReadOnlyList<RunEvent> Events => _run.Events;

    /// <summary>Whether no further event is due.</summary>
    public bool IsQuiet => _run.Agenda.NextAt is null;

    /// <summary>Missing replicas of all workloads, with reasons.</summary>
    public ImmutableArray<WaitingPod> Pending => [.. _run.Workloads.ForReading.SelectMany(workload => Endpoints.StatusOf(_run, workload).Pending)];

    /// <summary>An independent copy. New options apply from now on; events in progress keep their times.</summary>
    public ClusterRun Fork(RunOptions? options = null) => new(_run.Clone(options ?? _run.Options));

    /// <summary>Applies a disruption now; its consequences take time: see <see cref="RunUntilQuiet"/>. Statistics of workloads restart here.</summary>
    /// <exception cref="ArgumentException">It names an object that does not exist or cannot be disrupted this way.</exception>
    public void Apply(Disruption disruption)
    {
        Endpoints.Begin(_run);
        Disruptions.Apply(_run, disruption);
        RunLoop.Settle(_run);
    }

    /// <summary>Advances virtual time until nothing more happens, at most by <paramref name="horizon"/>.</summary>
    public void RunUntilQuiet(TimeSpan horizon) => RunLoop.Run(_run, _run.Now + horizon);

    /// <exception cref="ArgumentException">The run never had it.</exception>
    public WorkloadStatus StatusOf(Workload workload) => Endpoints.StatusOf(_run, RunOf(workload.ObjectKind, workload.Id));

    /// <summary>False if the workload cannot have changed since this run was forked.</summary>
    /// <param name="workload">Index in the <see cref="ClusterModel.Workloads"/> that the run began with.</param>
    public bool MayHaveChanged(int workload) => _run.Workloads.IsOwn(workload);

    private WorkloadRun RunOf(string kind, string id) => _run.Workloads.SlotOf(kind, id) is { } slot
        ? _run.Workloads.ForReading[slot]
        : throw new ArgumentException($"{kind} {id} is not a workload of {_run.Model.Name}", nameof(id));
}
