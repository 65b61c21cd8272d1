using Pulumi;
using Pulumi.Kubernetes.ApiExtensions;

namespace HaCluster.Stack.Edge;

/// <summary>An object of Gateway API, Envoy Gateway, cert-manager or the Prometheus operator: a kind of its own, and a specification.</summary>
public sealed class EdgeObjectArgs(string apiVersion, string kind) : CustomResourceArgs(apiVersion, kind)
{
    [Input("spec", required: true)]
    public InputMap<object> Spec { get; set; } = null!;
}
