using System.Collections.Immutable;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running.Controllers;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running;

/// <summary>
/// Simulates in virtual time how the controllers of Kubernetes and EKS react to a disruption, event by event. No clock is read and nothing is
/// random: the same model, options and disruptions give the same events. Not thread-safe, but copies are independent.
/// </summary>
public sealed class ClusterRun
{
    private readonly RunState _run;
    private readonly Dictionary<(string Kind, string Id), int> _workloads;

    private ClusterRun(RunState run, Dictionary<(string Kind, string Id), int> workloads) => (_run, _workloads) = (run, workloads);

    /// <summary>
    /// The cluster in its steady state: pods created as far as quotas admit them and scheduled by priority, nodes added while they help Pending pods
    /// (if the cluster is autoscaled and can launch), all pods ready. Virtual time is 0 and there are no events. Unscheduled pods are in
    /// <see cref="Pending"/>.
    /// </summary>
    public static ClusterRun InSteadyState(ClusterModel model, RunOptions options)
    {
        var workloads = new Dictionary<(string, string), int>();
        for (var index = 0; index < model.Workloads.Length; index++)
        {
            var workload = model.Workloads[index];
            if (!workloads.TryAdd((workload.ObjectKind, workload.Id), index))
                throw new ArgumentException($"the model has {workload.ObjectKind} {workload.Id} twice; names must be unique", nameof(model));
        }

        return new ClusterRun(SteadyState.Of(model, options), workloads);
    }

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
    public ClusterRun Fork(RunOptions? options = null) => new(_run.Clone(options ?? _run.Options), _workloads);

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

    public WorkloadStatus StatusOf(Workload workload) => Endpoints.StatusOf(_run, _run.Workloads.ForReading[_workloads[(workload.ObjectKind, workload.Id)]]);

    /// <summary>False if the workload cannot have changed since this run was forked.</summary>
    /// <param name="workload">Index in <see cref="ClusterModel.Workloads"/>.</param>
    public bool MayHaveChanged(int workload) => _run.Workloads.IsOwn(workload);
}
