using Pulumi;
using Pulumi.Kubernetes.ApiExtensions;

namespace HaCluster.Stack.Monitoring.Probes;

/// <summary>Addresses that Prometheus has a prober ask
/// (https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.Probe).</summary>
public sealed class ProbeArgs : CustomResourceArgs
{
    public ProbeArgs()
        : base("monitoring.coreos.com/v1", "Probe")
    {
    }

    [Input("spec", required: true)]
    public InputMap<object> Spec { get; set; } = null!;
}
