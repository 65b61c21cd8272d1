using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Charts.Building;

/// <summary>A workload of a chart or an add-on, composed of fragments of its values.</summary>
internal sealed record ChartPods(string Kind, string Namespace, string Name)
{
    public required PropertyValue.Map Labels { get; init; }

    public PropertyValue? Replicas { get; init; }

    /// <summary>A Deployment's <c>strategy</c>, or the <c>updateStrategy</c> of the others.</summary>
    public PropertyValue? Strategy { get; init; }

    /// <summary>
    /// The part of the values with <c>nodeSelector</c>, <c>affinity</c>, <c>tolerations</c>, <c>topologySpreadConstraints</c>.
    /// </summary>
    public PropertyValue? Placement { get; init; }

    /// <summary>The affinity when the values have none.</summary>
    public PropertyValue? DefaultAffinity { get; init; }

    public PropertyValue? PriorityClass { get; init; }

    public PropertyValue? GraceSeconds { get; init; }

    public PropertyValue? MinReadySeconds { get; init; }

    public ImmutableArray<PropertyValue> Containers { get; init; } = [];

    public ImmutableArray<PropertyValue> InitContainers { get; init; } = [];

    /// <summary>Claim templates of a StatefulSet.</summary>
    public PropertyValue? Claims { get; init; }

    /// <summary>Of the pod.</summary>
    public PropertyValue? Volumes { get; init; }

    public bool IsOnHostNetwork { get; init; }

    public bool IsParallel { get; init; }

    public KubernetesObject ToObject() => ChartObjects.Of("apps/v1", Kind, Namespace, Name, ObjectParts.Map(
        ("replicas", Replicas),
        (Kind == "Deployment" ? "strategy" : "updateStrategy", Filled(Strategy)),
        ("minReadySeconds", MinReadySeconds),
        ("podManagementPolicy", IsParallel ? ObjectParts.Text("Parallel") : null),
        ("volumeClaimTemplates", Claims),
        ("selector", ObjectParts.Map(("matchLabels", Labels))),
        ("template", ObjectParts.Map(("metadata", ObjectParts.Map(("labels", Labels))), ("spec", PodSpec())))));

    private PropertyValue.Map PodSpec() => ObjectParts.Map(
        ("containers", new PropertyValue.List(Containers)),
        ("initContainers", InitContainers.IsEmpty ? null : new PropertyValue.List(InitContainers)),
        ("volumes", Volumes),
        ("nodeSelector", Placement.At("nodeSelector")),
        ("affinity", Filled(Placement.At("affinity")) ?? DefaultAffinity),
        ("tolerations", Placement.At("tolerations")),
        ("topologySpreadConstraints", Placement.At("topologySpreadConstraints")),
        ("priorityClassName", PriorityClass.Text() is { Length: > 0 } ? PriorityClass : null),
        ("terminationGracePeriodSeconds", GraceSeconds),
        ("hostNetwork", IsOnHostNetwork ? new PropertyValue.Bool(true) : null));

    private static PropertyValue? Filled(PropertyValue? value) => value is PropertyValue.Map { Entries.IsEmpty: true } ? null : value;
}
