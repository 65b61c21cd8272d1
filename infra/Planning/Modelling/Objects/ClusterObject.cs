using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Rendering;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Objects;

/// <summary>A Kubernetes object, and who declares it.</summary>
internal sealed record ClusterObject(KubernetesObject Object, Origin Source)
{
    public const string DefaultNamespace = "default";

    /// <summary>Of a kind that another API group calls the same, the group is part of it.</summary>
    public string Kind { get; } = ServedKinds.KindOf(Object);

    /// <summary>Of one that an operator makes: the object that it makes it from.</summary>
    public OperatorObject? MadeFrom { get; init; }

    public string Name => Object.Name;

    public string Namespace => Object.Namespace ?? DefaultNamespace;

    public PropertyValue? Spec => At("spec");

    public PropertyValue? At(params ReadOnlySpan<string> path) => Object.Content.At(path);

    public override string ToString() => Object.ToString();
}
