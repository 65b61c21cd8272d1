using System.Collections.Immutable;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running.Clock;
using HaCluster.Simulation.Running.Status;
using HaCluster.Simulation.Scheduling;
using HaCluster.Simulation.Scheduling.Volumes;

namespace HaCluster.Simulation.Running.State;

/// <summary>The state of a run: API objects and the memory of the controllers. The controllers are functions on it.</summary>
internal sealed class RunState(ClusterModel model, RunOptions options, ClusterState cluster, BudgetIndex budgets)
{
    /// <summary>As it is declared now.</summary>
    public ClusterModel Model { get; set; } = model;

    public RunOptions Options { get; } = options;

    public Timers Timers => Options.Timers;

    public ClusterState Cluster { get; } = cluster;

    public Scheduler Scheduler { get; } = new(new SchedulerOptions { Seed = options.Seed });

    public BudgetIndex Budgets { get; set; } = budgets;

    public TimeSpan Now { get; set; }

    public Agenda Agenda { get; private init; } = new();

    public List<RunEvent> Events { get; private init; } = [];

    public WorkloadRuns Workloads { get; private init; } = new(model.Workloads);

    /// <summary>Disrupted nodes, by name.</summary>
    public Dictionary<string, NodeRun> Nodes { get; private init; } = new(StringComparer.Ordinal);

    /// <summary>Names of unreachable nodes whose pods have not been evicted, in the order in which they were marked.</summary>
    public List<string> NodesToTaint { get; private init; } = [];

    /// <summary>When the pods of a zone's next node may be evicted.</summary>
    public Dictionary<string, TimeSpan> NextTaintIn { get; private init; } = new(StringComparer.Ordinal);

    /// <summary>Pods without a node.</summary>
    public List<Pod> Waiting { get; private init; } = [];

    /// <summary>Volumes that are attached or being attached without a pod.</summary>
    public Dictionary<ClaimKey, VolumeHold> VolumeHolds { get; private init; } = [];

    public QuotaLedger Quotas { get; set; } = new(model.Quotas, model.Storage.Claims);

    public ImmutableHashSet<string> DeadZones { get; set; } = [];

    public ImmutableHashSet<string> ShiftedZones { get; set; } = [];

    /// <summary>Nodes that a zonal shift has cordoned, and uncordons when it ends.</summary>
    public ImmutableHashSet<string> ShiftCordons { get; set; } = [];

    /// <summary>Groups whose Auto Scaling processes are suspended: nothing is launched or replaced.</summary>
    public ImmutableHashSet<string> SuspendedGroups { get; set; } = [];

    /// <summary>Nodes that Auto Scaling drains before it terminates their instances.</summary>
    public ImmutableArray<string> Retiring { get; set; } = [];

    /// <summary>Claims that are deleted as soon as no pod uses them.</summary>
    public ImmutableHashSet<ClaimKey> CondemnedClaims { get; set; } = [];

    /// <summary>By the name of the database; one that never failed over is absent.</summary>
    public ImmutableDictionary<string, DatabaseRun> Databases { get; set; } = ImmutableDictionary<string, DatabaseRun>.Empty;

    /// <summary>Current target size of each group, by name.</summary>
    public Dictionary<string, int> GroupSizes { get; private init; } = new(StringComparer.Ordinal);

    /// <summary>Number of each group's next node, by group name.</summary>
    public Dictionary<string, int> NextNodeNumber { get; private init; } = new(StringComparer.Ordinal);

    /// <summary>Nodes that are starting.</summary>
    public List<Node> Upcoming { get; private init; } = [];

    public List<DrainRun> Drains { get; private init; } = [];

    public List<GroupUpdateRun> GroupUpdates { get; private init; } = [];

    /// <summary>Workloads that their controllers must reconcile.</summary>
    public SortedSet<int> ToReconcile { get; private init; } = [];

    /// <summary>Workloads whose statistics must be updated.</summary>
    public SortedSet<int> ToCount { get; private init; } = [];

    /// <summary>Counts changes that may make a Pending pod schedulable.</summary>
    public int RoomVersion { get; set; }

    /// <summary>Counts placements, which matter to Pending pods with affinity or spread rules.</summary>
    public int PlacedVersion { get; set; }

    /// <summary>Counts changes that may make a budget allow a refused eviction.</summary>
    public int HealthVersion { get; set; }

    /// <summary>The next run of the scheduler or cluster-autoscaler; null when none is due.</summary>
    public TimeSpan? SchedulerAt { get; set; }

    public TimeSpan? AutoscalerAt { get; set; }

    /// <summary>The version at which the scheduler had tried every pod.</summary>
    public (int Room, int Placed, long Next)? SchedulerSaw { get; set; }

    /// <summary>The version of the Pending pods at which cluster-autoscaler found nothing to do.</summary>
    public (int Room, int Waiting)? AutoscalerSaw { get; set; }

    public long NextSequence { get; set; }

    /// <summary>Null when it no longer exists.</summary>
    public PodRun? Find(Pod pod) => Workloads.Find(pod);

    public WorkloadRun WorkloadOf(PodRun pod) => Workloads[pod.Workload];

    /// <summary>False for a node that is dead or does not exist.</summary>
    public bool IsResponding(string node) => !Nodes.ContainsKey(node);

    public void Log(RunEvent happened) => Events.Add(happened);

    public void Touch(int workload)
    {
        ToReconcile.Add(workload);
        ToCount.Add(workload);
    }

    public void Enter(PodRun pod)
    {
        WorkloadOf(pod).Pods.Add(pod);
        if (pod.Phase == PodStage.Waiting)
            Waiting.Add(pod.Pod);
        Touch(pod.Workload);
    }

    public void Leave(PodRun pod)
    {
        WorkloadOf(pod).Pods.Remove(pod);
        if (pod.Phase == PodStage.Waiting)
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
            ShiftCordons = ShiftCordons,
            SuspendedGroups = SuspendedGroups,
            Retiring = Retiring,
            Databases = Databases,
            CondemnedClaims = CondemnedClaims,
            GroupSizes = new Dictionary<string, int>(GroupSizes, StringComparer.Ordinal),
            NextNodeNumber = new Dictionary<string, int>(NextNodeNumber, StringComparer.Ordinal),
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
