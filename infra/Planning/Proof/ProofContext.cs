using System.Collections.Immutable;
using HaCluster.Planning.Proof.Checks;
using HaCluster.Planning.Proof.Losses;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running;
using HaCluster.Simulation.Running.Status;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Planning.Proof;

/// <summary>The common input of all checks: the cluster in its steady state.</summary>
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

    /// <summary>Must be forked, never changed.</summary>
    public ClusterRun SteadyState { get; }

    public SchedulerOptions SchedulerOptions { get; }

    public LossStudy Losses { get; }

    public ImmutableArray<NodeState> Nodes { get; }

    /// <summary>The status of the workloads in the steady state, in the order of the model.</summary>
    public ImmutableArray<WorkloadStatus> SteadyStatuses { get; }

    /// <summary>The placements by which preferred rules are judged.</summary>
    public SimulatedStarts Starts { get; }

    /// <summary>Replicas that run in the steady state.</summary>
    public int RunningOf(Workload workload) => _running.GetValueOrDefault(workload);

    /// <summary>Whether none of its replicas runs although they should; then this is its only finding.</summary>
    public bool RunsNothingOf(Workload workload) => RunningOf(workload) == 0 && _notRunning.Contains(Subject.Of(workload));

    /// <summary>For a workload that does not run in the steady state, that is the cause of all its violations.</summary>
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
