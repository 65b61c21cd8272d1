using HaCluster.Engine.Values;
using HaCluster.Planning.Capacity;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Pods;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Objects;

/// <summary>What decides over other objects: limit ranges, claims, priorities, autoscalers.</summary>
internal sealed class ObjectIndex
{
    private readonly Dictionary<string, NamespaceContext> _contexts;
    private readonly Dictionary<(string Namespace, string Kind, string Name), ClusterObject> _autoscalers;
    private readonly NamespaceContext _empty;

    /// <param name="known">Priority classes that are there already.</param>
    public ObjectIndex(IReadOnlyCollection<ClusterObject> objects, IEnumerable<PriorityClass> known)
    {
        Priorities = new PriorityTable(known.Concat(objects.Where(one => one.Kind == "PriorityClass").Select(Priority)));
        _empty = NamespaceContext.Empty with { Priorities = Priorities };
        _contexts = objects.Where(one => one.Kind is "LimitRange" or "PersistentVolumeClaim")
            .GroupBy(one => one.Namespace, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, Context, StringComparer.Ordinal);
        _autoscalers = objects.Where(one => one.Kind == "HorizontalPodAutoscaler")
            .GroupBy(one => (one.Namespace, one.Spec.At("scaleTargetRef", "kind").Text() ?? "", one.Spec.At("scaleTargetRef", "name").Text() ?? ""))
            .ToDictionary(group => group.Key, group => group.First());
    }

    public PriorityTable Priorities { get; }

    public NamespaceContext Of(string @namespace) => _contexts.GetValueOrDefault(@namespace, _empty);

    /// <summary>The bounds of a HorizontalPodAutoscaler over the object; null without one.</summary>
    public (int Min, int Max)? Bounds(ClusterObject target) => _autoscalers.GetValueOrDefault((target.Namespace, target.Kind, target.Name)) is { } scaler
        ? (scaler.Spec.At("minReplicas").Integer() ?? 1, scaler.Spec.At("maxReplicas").Integer() ?? 1)
        : null;

    private NamespaceContext Context(IGrouping<string, ClusterObject> objects) => new(
        new ContainerDefaults([.. objects.Where(one => one.Kind == "LimitRange").SelectMany(range => range.Spec.At("limits").Items())]),
        Priorities,
        objects.Where(one => one.Kind == "PersistentVolumeClaim")
            .GroupBy(claim => claim.Name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => (PropertyValue)new PropertyValue.Map(group.First().Object.Content), StringComparer.Ordinal));

    private static PriorityClass Priority(ClusterObject one) => new(
        one.Name, one.At("value").Integer() ?? 0, one.At("globalDefault").IsTrue(), one.At("preemptionPolicy").Text() != "Never");
}
