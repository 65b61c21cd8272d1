using System.Collections.Immutable;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running.Controllers;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running;

/// <summary>
/// A cluster in virtual time: what Kubernetes' controllers and those of EKS make of a disruption, event by event. No clock is read and nothing is left to
/// chance: the same model, options and disruptions give the same events. Not thread-safe, but copies are independent.
/// </summary>
public sealed class ClusterRun
{
    private readonly RunState _run;
    private readonly Dictionary<(string Kind, string Id), int> _workloads;

    private ClusterRun(RunState run, Dictionary<(string Kind, string Id), int> workloads) => (_run, _workloads) = (run, workloads);

    /// <summary>
    /// The cluster with everything in place: pods made as quotas admit them and placed by priority, machines added while pods wait that another one would
    /// help (if the cluster is autoscaled and may launch), all of them ready. Virtual time is 0 and there are no events. What finds no place is in
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

    /// <summary>Virtual time since the cluster was at rest.</summary>
    public TimeSpan Now => _run.Now;

    /// <summary>In order of time.</summary>
    public IReadOnlyList<RunEvent> Events => _run.Events;

    /// <summary>Nothing more is going to happen by itself.</summary>
    public bool IsQuiet => _run.Agenda.NextAt is null;

    /// <summary>Replicas of all workloads that are not there, and why.</summary>
    public ImmutableArray<WaitingPod> Pending => [.. _run.Workloads.ForReading.SelectMany(workload => Endpoints.StatusOf(_run, workload).Pending)];

    /// <summary>An independent copy. Other options hold from now on; what is already under way keeps its times.</summary>
    public ClusterRun Fork(RunOptions? options = null) => new(_run.Clone(options ?? _run.Options), _workloads);

    /// <summary>Lets something happen now; what follows takes time: see <see cref="RunUntilQuiet"/>. Figures of workloads count from here on.</summary>
    /// <exception cref="ArgumentException">It names something that is not there, or that it cannot happen to.</exception>
    public void Apply(Disruption disruption)
    {
        Endpoints.Begin(_run);
        Disruptions.Apply(_run, disruption);
        RunLoop.Settle(_run);
    }

    /// <summary>Lets virtual time pass until nothing more happens, but no longer than <paramref name="horizon"/> from now.</summary>
    public void RunUntilQuiet(TimeSpan horizon) => RunLoop.Run(_run, _run.Now + horizon);

    public WorkloadStatus StatusOf(Workload workload) => Endpoints.StatusOf(_run, _run.Workloads.ForReading[_workloads[(workload.ObjectKind, workload.Id)]]);

    /// <summary>False if nothing can have happened to the workload since this run was forked.</summary>
    /// <param name="workload">Number in <see cref="ClusterModel.Workloads"/>.</param>
    public bool MayHaveChanged(int workload) => _run.Workloads.IsOwn(workload);
}
