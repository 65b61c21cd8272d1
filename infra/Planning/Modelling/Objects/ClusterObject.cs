using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Objects;

/// <summary>A Kubernetes object, and who declares it: <c>the program</c>, a chart, an add-on, a file.</summary>
internal sealed record ClusterObject(KubernetesObject Object, string Source)
{
    private const string DefaultNamespace = "default";

    public string Kind => Object.Kind;

    public string Name => Object.Name;

    public string Namespace => Object.Namespace ?? DefaultNamespace;

    public PropertyValue? Spec => At("spec");

    public PropertyValue? At(params ReadOnlySpan<string> path) => Object.Content.At(path);

    public override string ToString() => Object.ToString();
}
