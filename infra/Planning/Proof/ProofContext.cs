using System.Collections.Immutable;
using HaCluster.Planning.Proof.Checks;
using HaCluster.Planning.Proof.Losses;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Planning.Proof;

/// <summary>What all checks start from: the cluster, settled, with nothing gone wrong yet.</summary>
internal sealed class ProofContext
{
    private readonly Dictionary<Workload, int> _running;
    private readonly HashSet<Subject> _notRunning;
    private readonly Dictionary<Subject, Subject> _closed;

    public ProofContext(ClusterModel model, ProofOptions options)
    {
        Model = model;
        Options = options;
        RunOptions = new RunOptions { Seed = options.Seed };
        SteadyState = ClusterRun.InSteadyState(model, RunOptions);
        SchedulerOptions = new SchedulerOptions { Seed = options.Seed };
        Losses = new LossStudy(model, SchedulerOptions, SteadyState.State);
        Nodes = [.. SteadyState.State.Nodes];
        SteadyStatuses = [.. model.Workloads.Select(SteadyState.StatusOf)];
        Starts = new SimulatedStarts(this);
        _notRunning = [.. model.Workloads.Zip(SteadyStatuses).Where(pair => SteadyStateCheck.IsMissing(pair.First, pair.Second)).Select(pair => Subject.Of(pair.First))];
        _closed = model.Workloads.Select(workload => (Workload: workload, Quota: model.ClosedBy(workload))).Where(one => one.Quota is not null)
            .DistinctBy(one => Subject.Of(one.Workload)).ToDictionary(one => Subject.Of(one.Workload), one => ClosedNamespaces.SubjectOf(one.Quota!));
        _running = Nodes.SelectMany(node => node.Pods).CountBy(pod => pod.Workload).ToDictionary();
    }

    public ClusterModel Model { get; }

    public ProofOptions Options { get; }

    public RunOptions RunOptions { get; }

    /// <summary>To be forked, never changed.</summary>
    public ClusterRun SteadyState { get; }

    public SchedulerOptions SchedulerOptions { get; }

    public LossStudy Losses { get; }

    public ImmutableArray<NodeState> Nodes { get; }

    /// <summary>How the workloads of the model fare while nothing is wrong, in their order.</summary>
    public ImmutableArray<WorkloadStatus> SteadyStatuses { get; }

    /// <summary>What preferred rules are judged by.</summary>
    public SimulatedStarts Starts { get; }

    /// <summary>Replicas that run while nothing is wrong.</summary>
    public int RunningOf(Workload workload) => _running.GetValueOrDefault(workload);

    /// <summary>Nothing of it runs although it should: only that can be said of it.</summary>
    public bool RunsNothingOf(Workload workload) => RunningOf(workload) == 0 && _notRunning.Contains(Subject.Of(workload));

    /// <summary>What befalls a workload that does not even run at rest has that for its cause.</summary>
    public Violation WithRootCause(Violation violation) =>
        _closed.TryGetValue(violation.Subject, out var closed) && _notRunning.Contains(violation.Subject)
            ? violation with { Cause = Cause.NotRunning, Subject = closed }
        : violation.Cause is Cause.TooFewReplicas or Cause.AllInTwo or Cause.Waiting or Cause.SpreadRule or Cause.Preempted or Cause.Disrupted or Cause.Slow or Cause.NeverBack or Cause.DoesNotEnd
            or Cause.PreferredOnly
        && _notRunning.Contains(violation.Subject)
            ? violation with { Cause = Cause.NotRunning }
        : violation;

    public int Pods => _running.Values.Sum();
}
