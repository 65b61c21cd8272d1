using Pulumi;
using Pulumi.Kubernetes.ApiExtensions;

namespace HaCluster.Stack.Monitoring.Rules;

/// <summary>Rules that the Prometheus operator loads (https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PrometheusRule).</summary>
public sealed class PrometheusRuleArgs : CustomResourceArgs
{
    public PrometheusRuleArgs()
        : base("monitoring.coreos.com/v1", "PrometheusRule")
    {
    }

    [Input("spec", required: true)]
    public Input<PrometheusRuleSpecArgs> Spec { get; set; } = null!;
}
