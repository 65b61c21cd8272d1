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
