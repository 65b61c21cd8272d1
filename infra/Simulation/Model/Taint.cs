namespace HaCluster.Simulation.Model;

/// <summary>What keeps pods off a node, unless they tolerate it.</summary>
public sealed record Taint(string Key, string Value, TaintEffect Effect)
{
    /// <summary>Put on a node that stopped answering.</summary>
    public static readonly Taint Unreachable = new("node.kubernetes.io/unreachable", "", TaintEffect.NoExecute);

    /// <summary>Put on a node that says it is not well.</summary>
    public static readonly Taint NotReady = new("node.kubernetes.io/not-ready", "", TaintEffect.NoExecute);

    /// <summary>What a cordon amounts to.</summary>
    public static readonly Taint Unschedulable = new("node.kubernetes.io/unschedulable", "", TaintEffect.NoSchedule);
}
