using Pulumi;

namespace HaCluster.Stack.Monitoring.Rules;

/// <summary>One group: rules that are evaluated together, in order.</summary>
public sealed class PrometheusRuleGroupArgs : ResourceArgs
{
    private InputList<PrometheusRuleEntryArgs>? _rules;

    [Input("name", required: true)]
    public Input<string> Name { get; set; } = null!;

    [Input("rules", required: true)]
    public InputList<PrometheusRuleEntryArgs> Rules
    {
        get => _rules ??= new InputList<PrometheusRuleEntryArgs>();
        set => _rules = value;
    }
}
