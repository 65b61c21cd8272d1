using System.Collections.Immutable;
using Pulumi;
using Pulumi.Kubernetes.ApiExtensions;

namespace HaCluster.Stack.Chains.Replicas;

/// <summary>
/// What Prometheus reads from pods, ready or not
/// (https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PodMonitor).
/// </summary>
public sealed class PodMonitorArgs : CustomResourceArgs
{
    public PodMonitorArgs()
        : base("monitoring.coreos.com/v1", "PodMonitor")
    {
    }

    [Input("spec", required: true)]
    public InputMap<object> Spec { get; set; } = null!;

    /// <param name="labels">Of the pods.</param>
    /// <param name="endpoints">Names of ports and paths on them.</param>
    public static InputMap<object> SpecOf(IEnumerable<(string Key, string Value)> labels, IEnumerable<(string Port, string Path)> endpoints) => new()
    {
        ["selector"] = new Dictionary<string, object> { ["matchLabels"] = labels.ToImmutableDictionary(label => label.Key, label => (object)label.Value) },
        ["podMetricsEndpoints"] = endpoints
            .Select(endpoint => new Dictionary<string, object> { ["port"] = endpoint.Port, ["path"] = endpoint.Path, ["interval"] = "30s" })
            .ToArray(),
    };
}
