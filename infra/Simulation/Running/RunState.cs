using System.Collections.Immutable;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling;
using HaCluster.Simulation.Scheduling.Volumes;

namespace HaCluster.Simulation.Running;

/// <summary>All that a run knows: objects of the API and what the controllers remember. The controllers are functions over it.</summary>
internal sealed class RunState(ClusterModel model, RunOptions options, ClusterState cluster, BudgetIndex budgets)
{
    public ClusterModel Model { get; } = model;

    public RunOptions Options { get; } = options;

    public Timers Timers => Options.Timers;

    public ClusterState Cluster { get; } = cluster;

    public Scheduler Scheduler { get; } = new(new SchedulerOptions { Seed = options.Seed });

    public BudgetIndex Budgets { get; } = budgets;

    public TimeSpan Now { get; set; }

    public Agenda Agenda { get; private init; } = new();

    public List<RunEvent> Events { get; private init; } = [];

    public WorkloadRuns Workloads { get; private init; } = new(model.Workloads);

    /// <summary>Nodes that something has happened to, by name.</summary>
    public Dictionary<string, NodeRun> Nodes { get; private init; } = new(StringComparer.Ordinal);

    /// <summary>Names of unreachable nodes whose pods have not been told to leave, in the order in which they were marked.</summary>
    public List<string> NodesToTaint { get; private init; } = [];

    /// <summary>When the next node of a zone may be emptied.</summary>
    public Dictionary<string, TimeSpan> NextTaintIn { get; private init; } = new(StringComparer.Ordinal);

    /// <summary>Pods without a node.</summary>
    public List<Pod> Waiting { get; private init; } = [];

    /// <summary>Volumes that are attached, or about to be, for nobody.</summary>
    public Dictionary<ClaimKey, VolumeHold> VolumeHolds { get; private init; } = [];

    public QuotaLedger Quotas { get; private init; } = new(model.Quotas, model.Storage.Claims);

    public ImmutableHashSet<string> DeadZones { get; set; } = [];

    public ImmutableHashSet<string> ShiftedZones { get; set; } = [];

    /// <summary>Size that each group is held at, by name.</summary>
    public Dictionary<string, int> GroupSizes { get; private init; } = new(StringComparer.Ordinal);

    /// <summary>Number of each group's next machine, by the group's name.</summary>
    public Dictionary<string, int> NextMachine { get; private init; } = new(StringComparer.Ordinal);

    /// <summary>Machines that are starting.</summary>
    public List<Node> Upcoming { get; private init; } = [];

    public List<DrainRun> Drains { get; private init; } = [];

    public List<GroupUpdateRun> GroupUpdates { get; private init; } = [];

    /// <summary>Workloads that their controllers must look at.</summary>
    public SortedSet<int> ToReconcile { get; private init; } = [];

    /// <summary>Workloads whose figures must be taken.</summary>
    public SortedSet<int> ToCount { get; private init; } = [];

    /// <summary>Counts changes that may let a waiting pod find a node.</summary>
    public int RoomVersion { get; set; }

    /// <summary>Counts placements: they matter to waiting pods that look at others.</summary>
    public int PlacedVersion { get; set; }

    /// <summary>Counts changes that may let a budget allow what it refused.</summary>
    public int HealthVersion { get; set; }

    /// <summary>When the scheduler or cluster-autoscaler next looks; null when nothing is due.</summary>
    public TimeSpan? SchedulerAt { get; set; }

    public TimeSpan? AutoscalerAt { get; set; }

    /// <summary>State in which the scheduler has tried every pod that it may try.</summary>
    public (int Room, int Placed, long Next)? SchedulerSaw { get; set; }

    /// <summary>State of the waiting pods in which cluster-autoscaler found nothing to do.</summary>
    public (int Room, int Waiting)? AutoscalerSaw { get; set; }

    public long NextSequence { get; set; }

    /// <summary>Null when it is gone.</summary>
    public PodRun? Find(Pod pod) => Workloads.Find(pod);

    public WorkloadRun WorkloadOf(PodRun pod) => Workloads[pod.Workload];

    /// <summary>False for a machine that is dead or does not exist.</summary>
    public bool Answers(string node) => !Nodes.ContainsKey(node);

    public void Log(RunEvent happened) => Events.Add(happened);

    public void Touch(int workload)
    {
        ToReconcile.Add(workload);
        ToCount.Add(workload);
    }

    public void Enter(PodRun pod)
    {
        WorkloadOf(pod).Pods.Add(pod);
        if (pod.Phase == PodPhase.Waiting)
            Waiting.Add(pod.Pod);
        Touch(pod.Workload);
    }

    public void Leave(PodRun pod)
    {
        WorkloadOf(pod).Pods.Remove(pod);
        if (pod.Phase == PodPhase.Waiting)
            Waiting.Remove(pod.Pod);
        RoomVersion++;
        HealthVersion++;
        Touch(pod.Workload);
    }

    public RunState Clone(RunOptions options) =>
        new(Model, options, Cluster.Clone(), Budgets)
        {
            Now = Now,
            Agenda = Agenda.Clone(),
            Events = [.. Events],
            Workloads = Workloads.Clone(),
            Waiting = [.. Waiting],
            Nodes = new Dictionary<string, NodeRun>(Nodes, StringComparer.Ordinal),
            NodesToTaint = [.. NodesToTaint],
            NextTaintIn = new Dictionary<string, TimeSpan>(NextTaintIn, StringComparer.Ordinal),
            VolumeHolds = new Dictionary<ClaimKey, VolumeHold>(VolumeHolds),
            Quotas = Quotas.Clone(),
            DeadZones = DeadZones,
            ShiftedZones = ShiftedZones,
            GroupSizes = new Dictionary<string, int>(GroupSizes, StringComparer.Ordinal),
            NextMachine = new Dictionary<string, int>(NextMachine, StringComparer.Ordinal),
            Upcoming = [.. Upcoming],
            Drains = [.. Drains],
            GroupUpdates = [.. GroupUpdates],
            ToReconcile = [.. ToReconcile],
            ToCount = [.. ToCount],
            RoomVersion = RoomVersion,
            PlacedVersion = PlacedVersion,
            HealthVersion = HealthVersion,
            SchedulerAt = SchedulerAt,
            SchedulerSaw = SchedulerSaw,
            AutoscalerAt = AutoscalerAt,
            AutoscalerSaw = AutoscalerSaw,
            NextSequence = NextSequence,
        };
}
