using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running;

namespace HaCluster.Simulation.Tests.Running;

/// <summary>Small clusters to try things on: nodes of 4 cores and 16 GiB in zones a, b and c.</summary>
internal static class Sample
{
    public const long GiB = 1L << 30;

    public static readonly RunOptions NoLaunches = new() { CanLaunch = false };

    public static Node Node(string name, string zone) => new()
    {
        Name = name,
        Zone = zone,
        Allocatable = new Resources(4000, 16 * GiB, 100 * GiB),
        Labels = Labels.Of((Labels.Zone, zone), (Labels.Host, name)),
    };

    public static NodeGroup Group(string name, int desired, int? max = null, params string[] zones) => new()
    {
        Name = name,
        Zones = [.. zones.Length == 0 ? ["a", "b", "c"] : zones],
        Min = desired,
        Desired = desired,
        Max = max ?? desired,
        Template = Node("", ""),
    };

    public static PodSpec Pod(string app, int milliCpu = 500) => new()
    {
        Requests = new Resources(milliCpu, GiB, 0),
        Limits = new Resources(milliCpu, GiB, 0),
        Labels = Labels.Of(("app", app)),
    };

    public static Workload Workload(string name, int replicas, WorkloadKind kind = WorkloadKind.Deployment, PodSpec? pod = null) => new()
    {
        Kind = kind,
        Namespace = "shop",
        Name = name,
        Replicas = replicas,
        Pods = pod ?? Pod(name),
        Source = new Origin.File("test"),
    };

    public static DisruptionBudget Budget(string app, int? minAvailable = null, int? maxUnavailable = null, bool alwaysEvictsUnhealthy = false) => new(
        "shop", app, LabelSelector.Of([new("app", app)]), minAvailable is { } least ? new IntOrPercent(least, false) : null,
        maxUnavailable is { } most ? new IntOrPercent(most, false) : null, alwaysEvictsUnhealthy);

    /// <summary>One node in each zone, named after it.</summary>
    public static ClusterModel Cluster(params Workload[] workloads) => Cluster([Node("a", "a"), Node("b", "b"), Node("c", "c")], workloads);

    public static ClusterModel Cluster(Node[] nodes, params Workload[] workloads) => new()
    {
        Name = "sample",
        Zones = [.. nodes.Select(node => node.Zone).Distinct().Order(StringComparer.Ordinal)],
        Nodes = [.. nodes],
        Workloads = [.. workloads],
    };

    public static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    /// <summary>At most an hour.</summary>
    public static ClusterRun After(this ClusterRun run, Disruption disruption)
    {
        run.Apply(disruption);
        run.RunUntilQuiet(TimeSpan.FromHours(1));
        return run;
    }

    public static string NodeOf(this ClusterRun run, string pod) =>
        run.State.Nodes.First(node => node.Pods.Any(other => other.ToString() == pod)).Node.Name;

    /// <summary>Times of the events of a kind, by subject.</summary>
    public static (string Subject, double Seconds)[] Of<TEvent>(this ClusterRun run) where TEvent : RunEvent =>
        [.. run.Events.OfType<TEvent>().Select(happened => (happened.Subject, happened.At.TotalSeconds))];
}
