using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Charts.Building;
using HaCluster.Planning.Modelling.Pods;
using HaCluster.Planning.Modelling.Volumes;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Objects;

/// <summary>Objects that affect other objects: limit ranges, claims, priorities, autoscalers.</summary>
internal sealed class ObjectIndex
{
    private const string NameLabel = "kubernetes.io/metadata.name";

    private readonly Dictionary<string, NamespaceContext> _contexts;
    private readonly Dictionary<string, ImmutableSortedDictionary<string, string>> _namespaces;
    private readonly Dictionary<(string Namespace, string Kind, string Name), ClusterObject> _autoscalers;
    private readonly NamespaceContext _empty;

    /// <param name="cluster">The existing cluster.</param>
    public ObjectIndex(IReadOnlyCollection<ClusterObject> objects, ClusterModel cluster)
    {
        Priorities = new PriorityTable(cluster.PriorityClasses.Concat(objects.Where(one => one.Kind == "PriorityClass").Select(Priority)));
        Runtimes = new RuntimeTable(cluster.RuntimeClasses.Concat(objects.Where(one => one.Kind == "RuntimeClass")
            .Select(one => RuntimeTable.Read(one.Name, new PropertyValue.Map(one.Object.Content)))));
        Storage = new StorageReader(objects).Over(cluster.Storage);
        _namespaces = Namespaces(objects, cluster);
        _empty = NamespaceContext.Empty with { Priorities = Priorities, Storage = Storage, Namespaces = _namespaces, Runtimes = Runtimes };
        var own = objects.Where(one => one.Kind == "LimitRange").ToLookup(one => one.Namespace, StringComparer.Ordinal);
        var services = objects.Where(one => one.Kind == "Service" && one.Object.Group.Length == 0)
            .Select(one => (one.Namespace, Selector: SelectorReader.Labels(one.Spec.At("selector"))))
            .Where(one => !one.Selector.IsEmpty).ToLookup(one => one.Namespace, one => one.Selector, StringComparer.Ordinal);
        var claims = Storage.Claims.ToLookup(one => one.Namespace, StringComparer.Ordinal);
        var known = cluster.ContainerDefaults.ToLookup(one => one.Namespace, StringComparer.Ordinal);
        _contexts = own.Select(group => group.Key).Union(known.Select(group => group.Key), StringComparer.Ordinal).Union(claims.Select(group => group.Key), StringComparer.Ordinal)
            .Union(services.Select(group => group.Key), StringComparer.Ordinal)
            .ToDictionary(name => name, name => Context(own[name], known[name], claims[name]) with { Services = [.. services[name]] }, StringComparer.Ordinal);
        _autoscalers = objects.Where(one => one.Kind == "HorizontalPodAutoscaler")
            .GroupBy(one => (one.Namespace, one.Spec.At("scaleTargetRef", "kind").Text() ?? "", one.Spec.At("scaleTargetRef", "name").Text() ?? ""))
            .ToDictionary(group => group.Key, group => group.First());
    }

    public PriorityTable Priorities { get; }

    public RuntimeTable Runtimes { get; }

    /// <summary>The storage of the cluster and of the objects.</summary>
    public ClusterStorage Storage { get; }

    public NamespaceContext Of(string @namespace) => _contexts.GetValueOrDefault(@namespace, _empty);

    /// <summary>The bounds of a HorizontalPodAutoscaler over the object; null without one.</summary>
    public (int Min, int Max)? Bounds(ClusterObject target) => _autoscalers.GetValueOrDefault((target.Namespace, target.Kind, target.Name)) is { } scaler
        ? (scaler.Spec.At("minReplicas").Integer() ?? 1, scaler.Spec.At("maxReplicas").Integer() ?? 1)
        : null;

    /// <summary>The defaults of every namespace that has a limit range.</summary>
    public IEnumerable<ContainerDefault> Defaults() => _contexts.Select(context => new ContainerDefault(
        context.Key,
        context.Value.Defaults.All("requests").ToImmutableSortedDictionary(StringComparer.Ordinal),
        context.Value.Defaults.All("limits").ToImmutableSortedDictionary(StringComparer.Ordinal))
    {
        Bounds = [.. context.Value.Defaults.Bounds],
    });

    private NamespaceContext Context(IEnumerable<ClusterObject> ranges, IEnumerable<ContainerDefault> known, IEnumerable<PersistentVolumeClaim> claims) => new(
        new ContainerDefaults(
        [
            .. ranges.SelectMany(range => range.Spec.At("limits").Items()),
            .. known.Select(Limits),
        ],
        [.. ranges.SelectMany(range => range.Spec.At("limits").Items()).SelectMany(LimitBounds.Read), .. known.SelectMany(one => one.Bounds)]),
        Priorities,
        claims.ToDictionary(one => one.Name, StringComparer.Ordinal),
        Storage,
        _namespaces)
    {
        Runtimes = Runtimes,
    };

    /// <summary>Labels of the namespaces; Kubernetes adds one with the name. Namespaces without an object are known from the objects in them.</summary>
    private static Dictionary<string, ImmutableSortedDictionary<string, string>> Namespaces(IReadOnlyCollection<ClusterObject> objects, ClusterModel cluster)
    {
        var labels = objects.Where(one => one.Kind == "Namespace").GroupBy(one => one.Name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => SelectorReader.Labels(group.First().At("metadata", "labels")), StringComparer.Ordinal);
        return labels.Keys.Union(cluster.Namespaces, StringComparer.Ordinal).Union(objects.Select(one => one.Namespace), StringComparer.Ordinal)
            .ToDictionary(name => name, name => labels.GetValueOrDefault(name, Labels.None).SetItem(NameLabel, name), StringComparer.Ordinal);
    }

    /// <summary>As a limit range writes them.</summary>
    private static PropertyValue.Map Limits(ContainerDefault known) => ObjectParts.Map(
        ("type", ObjectParts.Text("Container")), ("default", Amounts(known.Limits)), ("defaultRequest", Amounts(known.Requests)));

    private static PropertyValue.Map Amounts(ImmutableSortedDictionary<string, decimal> amounts) => new(
        amounts.ToImmutableSortedDictionary(entry => entry.Key, entry => (PropertyValue)new PropertyValue.Number((double)entry.Value), StringComparer.Ordinal));

    private static PriorityClass Priority(ClusterObject one) => new(
        one.Name, one.At("value").Integer() ?? 0, one.At("globalDefault").IsTrue(), one.At("preemptionPolicy").Text() != "Never");
}
