namespace HaCluster.Simulation.Model;

/// <summary>A taint of a node.</summary>
public sealed record Taint(string Key, string Value, TaintEffect Effect)
{
    /// <summary>Set on a node that stopped responding.</summary>
    public static readonly Taint Unreachable = new("node.kubernetes.io/unreachable", "", TaintEffect.NoExecute);

    /// <summary>Set on a node that reports NotReady.</summary>
    public static readonly Taint NotReady = new("node.kubernetes.io/not-ready", "", TaintEffect.NoExecute);

    /// <summary>Set by a cordon.</summary>
    public static readonly Taint Unschedulable = new("node.kubernetes.io/unschedulable", "", TaintEffect.NoSchedule);
}

public enum TaintEffect
{
    NoSchedule,
    PreferNoSchedule,
    NoExecute,
}

/// <summary>A toleration of a pod.</summary>
/// <param name="Key">Null for any key (with <paramref name="Exists"/>).</param>
/// <param name="Exists">Operator <c>Exists</c>: any value. Otherwise <c>Equal</c>.</param>
/// <param name="Effect">Null for every effect.</param>
/// <param name="For">How long a <see cref="TaintEffect.NoExecute"/> taint is tolerated; null for as long as it lasts.</param>
public sealed record Toleration(string? Key, bool Exists, string Value, TaintEffect? Effect, TimeSpan? For = null)
{
    /// <summary><c>Gt</c> or <c>Lt</c>: how the taint's value compares with <see cref="Value"/>, both whole numbers; null for the other operators.</summary>
    public LabelOperator? Comparison { get; init; }

    // https://github.com/kubernetes/kubernetes/blob/v1.36.2/staging/src/k8s.io/api/core/v1/toleration.go, ToleratesTaint
    public bool Tolerates(Taint taint) =>
        (Effect is null || Effect == taint.Effect)
        && (Key is null ? Exists : Key == taint.Key && (Exists || HasValue(taint)));

    private bool HasValue(Taint taint) => Comparison is { } comparison
        ? new LabelRequirement(taint.Key, comparison, [Value]).Compares(taint.Value)
        : Value == taint.Value;
}
