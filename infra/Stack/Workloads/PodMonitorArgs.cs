using System.Collections.Immutable;
using Pulumi;
using Pulumi.Kubernetes.ApiExtensions;

namespace HaCluster.Stack.Workloads;

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
    /// <param name="tls">Null where the pods answer without TLS.</param>
    public static InputMap<object> SpecOf(IEnumerable<(string Key, string Value)> labels, IEnumerable<(string Port, string Path)> endpoints, ScrapeTls? tls = null) => new()
    {
        ["selector"] = new Dictionary<string, object> { ["matchLabels"] = labels.ToImmutableDictionary(label => label.Key, label => (object)label.Value) },
        ["podMetricsEndpoints"] = endpoints.Select(endpoint => Endpoint(endpoint.Port, endpoint.Path, tls)).ToArray(),
    };

    private static Dictionary<string, object> Endpoint(string port, string path, ScrapeTls? tls)
    {
        var endpoint = new Dictionary<string, object> { ["port"] = port, ["path"] = path, ["interval"] = "30s" };
        if (tls is not null)
        {
            endpoint["scheme"] = "https";
            endpoint["tlsConfig"] = new Dictionary<string, object>
            {
                ["serverName"] = tls.ServerName,
                ["ca"] = new Dictionary<string, object> { ["secret"] = new Dictionary<string, object> { ["name"] = tls.Secret, ["key"] = "ca.crt" } },
            };
        }

        return endpoint;
    }
}

/// <summary>How Prometheus checks the certificate of a pod, which it calls by its address.</summary>
/// <param name="ServerName">A name in the certificate.</param>
/// <param name="Secret">A secret of cert-manager in the pod's namespace; its <c>ca.crt</c> is trusted.</param>
public sealed record ScrapeTls(string ServerName, string Secret);
