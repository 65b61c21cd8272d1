using System.Collections.Immutable;
using HaCluster.Planning.Proof.Losses;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Planning.Proof;

/// <summary>What all checks start from: the cluster, settled, with nothing gone wrong yet.</summary>
internal sealed class ProofContext
{
    private readonly Dictionary<Workload, int> _running;

    public ProofContext(ClusterModel model, ProofOptions options)
    {
        Model = model;
        Options = options;
        RunOptions = new RunOptions { Seed = options.Seed };
        Rest = ClusterRun.AtRest(model, RunOptions);
        SchedulerOptions = new SchedulerOptions { Seed = options.Seed };
        Losses = new LossStudy(model, SchedulerOptions, Rest.State);
        Nodes = [.. Rest.State.Nodes];
        AtRest = [.. model.Workloads.Select(Rest.StatusOf)];
        _running = Nodes.SelectMany(node => node.Pods).CountBy(pod => pod.Workload).ToDictionary();
    }

    public ClusterModel Model { get; }

    public ProofOptions Options { get; }

    public RunOptions RunOptions { get; }

    /// <summary>To be forked, never changed.</summary>
    public ClusterRun Rest { get; }

    public SchedulerOptions SchedulerOptions { get; }

    public LossStudy Losses { get; }

    public ImmutableArray<NodeState> Nodes { get; }

    /// <summary>How the workloads of the model fare while nothing is wrong, in their order.</summary>
    public ImmutableArray<WorkloadStatus> AtRest { get; }

    /// <summary>Replicas that run while nothing is wrong.</summary>
    public int RunningOf(Workload workload) => _running.GetValueOrDefault(workload);

    public int Pods => _running.Values.Sum();
}
