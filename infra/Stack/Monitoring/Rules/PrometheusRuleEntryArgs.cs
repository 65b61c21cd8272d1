using Pulumi;

namespace HaCluster.Stack.Monitoring.Rules;

/// <summary>One rule: it has either <see cref="Record"/> or <see cref="Alert"/>.</summary>
public sealed class PrometheusRuleEntryArgs : ResourceArgs
{
    private InputMap<string>? _labels;
    private InputMap<string>? _annotations;

    /// <summary>Name of the series that is recorded.</summary>
    [Input("record")]
    public Input<string>? Record { get; set; }

    /// <summary>Name of the alert.</summary>
    [Input("alert")]
    public Input<string>? Alert { get; set; }

    [Input("expr", required: true)]
    public Input<string> Expression { get; set; } = null!;

    [Input("for")]
    public Input<string>? For { get; set; }

    [Input("labels")]
    public InputMap<string> Labels
    {
        get => _labels ??= new InputMap<string>();
        set => _labels = value;
    }

    [Input("annotations")]
    public InputMap<string> Annotations
    {
        get => _annotations ??= new InputMap<string>();
        set => _annotations = value;
    }
}
