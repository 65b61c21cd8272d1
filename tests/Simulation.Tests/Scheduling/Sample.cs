using System.Collections.Immutable;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Tests.Scheduling;

/// <summary>Small clusters and pods, with whatever does not matter left out.</summary>
internal static class Sample
{
    public const long Gibibyte = 1L << 30;

    /// <summary>4 cores, 16 GiB, in its zone and with labels for zone and host.</summary>
    public static Node Node(string name, string zone, params (string Key, string Value)[] labels) => new()
    {
        Name = name,
        Zone = zone,
        Allocatable = new Resources(4000, 16 * Gibibyte, 50 * Gibibyte),
        Labels = Labels.Of([(Labels.Zone, zone), (Labels.Host, name), .. labels]),
    };

    public static Workload Workload(
        string name, PodSpec spec, WorkloadKind kind = WorkloadKind.Deployment, int replicas = 1, string @namespace = "default") =>
        new()
        {
            Kind = kind,
            Namespace = @namespace,
            Name = name,
            Replicas = replicas,
            Pods = spec,
            Source = new Origin.File("test"),
        };

    /// <summary>The first pod of a workload of its own.</summary>
    public static Pod Pod(string name, PodSpec spec, WorkloadKind kind = WorkloadKind.Deployment, string @namespace = "default") =>
        new(Workload(name, spec, kind, @namespace: @namespace), 0, spec);

    public static IReadOnlyList<Pod> Replicas(string name, int count, PodSpec spec, WorkloadKind kind = WorkloadKind.Deployment) =>
        [.. PodFactory.Of(Workload(name, spec, kind, count), [])];

    /// <summary>Asks for a tenth of a core, and has the label <c>app</c>.</summary>
    public static PodSpec App(string app) => new() { Requests = new Resources(100, Gibibyte / 8, 0), Labels = Labels.Of(("app", app)) };

    public static LabelSelector Selecting(string app) => LabelSelector.Of(Labels.Of(("app", app)));

    public static TopologySpread Spread(string key, string app, bool isRequired = true, int maxSkew = 1) =>
        new() { TopologyKey = key, MaxSkew = maxSkew, IsRequired = isRequired, Selector = Selecting(app) };

    public static PodAffinityTerm Near(string key, string app) => new(Selecting(app), key, []);

    public static NodeAffinityTerm NodesWhere(string key, LabelOperator @operator, params ImmutableArray<string> values) =>
        new([new LabelRequirement(key, @operator, values)], []);

    public static Toleration Tolerating(string key, string value) => new(key, Exists: false, value, Effect: null);

    /// <summary>Names of the nodes that the pod may go to.</summary>
    public static string[] FeasibleNodes(this ClusterState state, Pod pod)
    {
        var scheduler = new Scheduler(new SchedulerOptions());
        return [.. state.Nodes.Where(node => scheduler.Fits(state, pod, node)).Select(node => node.Node.Name)];
    }
}
