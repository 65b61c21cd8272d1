using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Rendering;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Objects;

/// <summary>A Kubernetes object and its origin.</summary>
internal sealed record ClusterObject(KubernetesObject Object, Origin Source)
{
    public const string DefaultNamespace = "default";

    /// <summary>The kind; if another API group has a kind of the same name, the group is appended.</summary>
    public string Kind { get; } = ServedKinds.KindOf(Object);

    /// <summary>For an object created by an operator: the custom resource behind it.</summary>
    public OperatorObject? MadeFrom { get; init; }

    public string Name => Object.Name;

    public string Namespace => Object.Namespace ?? DefaultNamespace;

    public PropertyValue? Spec => At("spec");

    public PropertyValue? At(params ReadOnlySpan<string> path) => Object.Content.At(path);

    public override string ToString() => Object.ToString();
}
