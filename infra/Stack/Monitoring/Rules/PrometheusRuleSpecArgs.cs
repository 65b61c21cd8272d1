using Pulumi;

namespace HaCluster.Stack.Monitoring.Rules;

/// <summary>Groups of a <see cref="PrometheusRuleArgs"/>.</summary>
public sealed class PrometheusRuleSpecArgs : ResourceArgs
{
    private InputList<PrometheusRuleGroupArgs>? _groups;

    [Input("groups", required: true)]
    public InputList<PrometheusRuleGroupArgs> Groups
    {
        get => _groups ??= new InputList<PrometheusRuleGroupArgs>();
        set => _groups = value;
    }
}
