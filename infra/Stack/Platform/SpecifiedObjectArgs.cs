using Pulumi;
using Pulumi.Kubernetes.ApiExtensions;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;

namespace HaCluster.Stack.Platform;

/// <summary>An object of a kind that a chart defines, with a <c>spec</c> like most.</summary>
internal sealed class SpecifiedObjectArgs : CustomResourceArgs
{
    public SpecifiedObjectArgs(string apiVersion, string kind, ObjectMetaArgs metadata)
        : base(apiVersion, kind) => Metadata = metadata;

    [Input("spec", required: true)]
    public InputMap<object> Spec { get; set; } = new();
}
