namespace HaCluster.Simulation.Running.Clock;

/// <summary>All delays of a run. Documented ones have a source; others are marked as assumed in <see cref="All"/>.</summary>
public sealed record Timers
{
    private const string ControllerManager = "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/";
    private const string PodGc = "https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/controller/podgc/gc_controller.go";
    private const string SchedulerConfiguration = "https://kubernetes.io/docs/reference/config-api/kube-scheduler-config.v1/";
    private const string GroupUpdate = "https://docs.aws.amazon.com/eks/latest/userguide/managed-node-update-behavior.html";

    public static readonly Timers Default = new();

    /// <summary>
    /// From a kubelet's last heartbeat until its node is marked (<c>node-monitor-grace-period</c>): 50 s since Kubernetes 1.32, 40 s before
    /// (https://github.com/kubernetes/kubernetes/pull/126287). EKS does not let it be changed.
    /// </summary>
    public TimeSpan NodeMonitorGrace { get; init; } = TimeSpan.FromSeconds(50);

    /// <summary>
    /// How often nodes that are not ready are looked up in EC2 (<c>node-monitor-period</c>, 5 s): a terminated instance's node object is deleted by then
    /// (https://kubernetes.io/docs/reference/command-line-tools-reference/cloud-controller-manager/).
    /// </summary>
    public TimeSpan NodeMonitorPeriod { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a pod tolerates an unreachable node by default (<c>default-unreachable-toleration-seconds</c>, 300 s)
    /// (https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/#taint-based-evictions).
    /// </summary>
    public TimeSpan DefaultToleration { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>
    /// Time between node evictions in a zone (<c>node-eviction-rate</c>, 0.1 per second)
    /// (https://kubernetes.io/docs/concepts/architecture/nodes/#rate-limits-on-eviction).
    /// </summary>
    public TimeSpan NodeEvictionInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The same in a zone of more than 50 nodes of which 55 % or more, but not all, are unreachable (<c>secondary-node-eviction-rate</c>, 0.01 per
    /// second); a smaller zone evicts nothing then (https://kubernetes.io/docs/concepts/architecture/nodes/#rate-limits-on-eviction).
    /// </summary>
    public TimeSpan SecondaryNodeEvictionInterval { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>
    /// How long pods of a node that no longer exists are quarantined (<c>quarantineTime</c>, 40 s)
    /// (https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/controller/podgc/gc_controller.go).
    /// </summary>
    public TimeSpan OrphanQuarantine { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>
    /// How often pods are garbage-collected (<c>gcCheckPeriod</c>, 20 s); a whole period is counted
    /// (https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/controller/podgc/gc_controller.go).
    /// </summary>
    public TimeSpan PodGcPeriod { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How long a volume stays with a node that never reported it unmounted (<c>maxWaitForUnmountDuration</c>, 6 min, fixed), counted from the end of the pod
    /// object. It holds also when the node object is gone (https://github.com/kubernetes/kubernetes/pull/136029 would change that); only the
    /// out-of-service taint skips it (https://kubernetes.io/docs/concepts/cluster-administration/node-shutdown/#non-graceful-node-shutdown).
    /// </summary>
    public TimeSpan MaxWaitForUnmount { get; init; } = TimeSpan.FromMinutes(6);

    /// <summary>Assumed, 10 s: from the end of a pod, or of the wait for it, until EC2 has detached the volume.</summary>
    public TimeSpan VolumeDetach { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Assumed, 15 s: until a free volume is attached and mounted.</summary>
    public TimeSpan VolumeAttach { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Assumed, 15 s: added to a pod's start on a node that has run no pod of its workload before, or not of this version.</summary>
    public TimeSpan ImagePull { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Assumed, 90 s: from the request for an instance (EKS AL2023) until its node is ready.</summary>
    public TimeSpan NodeProvision { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>
    /// Assumed, 60 s: until an Auto Scaling group has noticed that an instance is gone and asks for another; its document gives no figure
    /// (https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html).
    /// </summary>
    public TimeSpan InstanceReplacement { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// From a node being unreachable until EKS replaces its instance, where node auto-repair is on (30 min)
    /// (https://docs.aws.amazon.com/eks/latest/userguide/node-repair.html).
    /// </summary>
    public TimeSpan NodeRepair { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// How often cluster-autoscaler scans for Pending pods (<c>scan-interval</c>, 10 s)
    /// (https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md).
    /// </summary>
    public TimeSpan AutoscalerScan { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// First wait of a pod that no node could take (<c>podInitialBackoffSeconds</c>, 1 s); doubled each time
    /// (https://kubernetes.io/docs/reference/config-api/kube-scheduler-config.v1/).
    /// </summary>
    public TimeSpan SchedulerBackoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest such wait (<c>podMaxBackoffSeconds</c>, 10 s) (https://kubernetes.io/docs/reference/config-api/kube-scheduler-config.v1/).</summary>
    public TimeSpan SchedulerMaxBackoff { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Time between attempts of a drain to evict a protected pod (5 s)
    /// (https://github.com/kubernetes/kubernetes/blob/v1.35.0/staging/src/k8s.io/kubectl/pkg/drain/drain.go).
    /// </summary>
    public TimeSpan EvictionRetry { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Time that pods have to leave a node of a group that is updated (15 min); then the update fails with <c>PodEvictionFailure</c>
    /// (https://docs.aws.amazon.com/eks/latest/userguide/managed-node-update-behavior.html).
    /// </summary>
    public TimeSpan GroupEvictionLimit { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Time between the drain of a node and the termination of its instance in such an update (60 s)
    /// (https://docs.aws.amazon.com/eks/latest/userguide/managed-node-update-behavior.html).
    /// </summary>
    public TimeSpan GroupCordonWait { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Until another instance of an Aurora cluster is the writer, where there is a reader: often less than 30 s
    /// (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html).
    /// </summary>
    public TimeSpan DatabaseFailover { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>All that a proof uses, for display.</summary>
    public IEnumerable<Timer> All =>
    [
        new("node unreachable after", NodeMonitorGrace, "https://github.com/kubernetes/kubernetes/pull/126287", false),
        new("terminated instance's node deleted within", NodeMonitorPeriod, ControllerManager, false),
        new("pods tolerate an unreachable node for", DefaultToleration, "https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/", false),
        new("time between node evictions in a zone", NodeEvictionInterval, "https://kubernetes.io/docs/concepts/architecture/nodes/", false),
        new("time between node evictions in a large, mostly unreachable zone", SecondaryNodeEvictionInterval, "https://kubernetes.io/docs/concepts/architecture/nodes/", false),
        new("orphaned pods quarantined for", OrphanQuarantine, PodGc, false),
        new("pod garbage collection runs every", PodGcPeriod, PodGc, false),
        new("volume stays with a dead node for", MaxWaitForUnmount, "https://github.com/kubernetes/kubernetes/pull/136029", false),
        new("volume detached within", VolumeDetach, "EC2 states no figure", true),
        new("volume attached and mounted within", VolumeAttach, "EC2 states no figure", true),
        new("image pulled within", ImagePull, "depends on image and registry", true),
        new("instance becomes a node within", NodeProvision, "EKS AL2023, from the request to Ready", true),
        new("Auto Scaling replaces a lost instance after", InstanceReplacement, "Auto Scaling states no figure", true),
        new("EKS node auto-repair acts after", NodeRepair, "https://docs.aws.amazon.com/eks/latest/userguide/node-repair.html", false),
        new("cluster-autoscaler scans every", AutoscalerScan, "https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md", false),
        new("scheduler's first back-off", SchedulerBackoff, SchedulerConfiguration, false),
        new("scheduler's longest back-off", SchedulerMaxBackoff, SchedulerConfiguration, false),
        new("refused evictions retried every", EvictionRetry, "https://github.com/kubernetes/kubernetes/blob/v1.35.0/staging/src/k8s.io/kubectl/pkg/drain/drain.go", false),
        new("EKS waits for pods to leave a node in an update for", GroupEvictionLimit, GroupUpdate, false),
        new("EKS waits after draining a node in an update for", GroupCordonWait, GroupUpdate, false),
    ];
}

/// <summary>One delay of a run, for display.</summary>
/// <param name="Source">Where the value is documented; for an assumption, what it represents.</param>
/// <param name="IsAssumed">Whether it is undocumented and can be overridden.</param>
public readonly record struct Timer(string Name, TimeSpan Value, string Source, bool IsAssumed);
