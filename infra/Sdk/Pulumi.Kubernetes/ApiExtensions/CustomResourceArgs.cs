using Pulumi.Kubernetes.Types.Inputs.Meta.V1;

namespace Pulumi.Kubernetes.ApiExtensions;

/// <summary>
/// The arguments of an object of a CRD. Derive from it and add the members of that kind, each with an <see cref="InputAttribute"/>.
/// </summary>
public abstract class CustomResourceArgs : ResourceArgs
{
    /// <param name="apiVersion">Group and version, <c>monitoring.coreos.com/v1</c>.</param>
    /// <param name="kind">Kind, <c>ServiceMonitor</c>.</param>
    protected CustomResourceArgs(string apiVersion, string kind)
    {
        ApiVersion = apiVersion;
        Kind = kind;
        Type = $"kubernetes:{apiVersion}:{kind}";
    }

    [Input("apiVersion")]
    public Input<string> ApiVersion { get; }

    [Input("kind")]
    public Input<string> Kind { get; }

    /// <summary>Name, namespace, labels and annotations of the object.</summary>
    [Input("metadata")]
    public Input<ObjectMetaArgs>? Metadata { get; set; }

    /// <summary>The type token. Kept apart because the constructor needs it before any input is known.</summary>
    internal string Type { get; }
}
