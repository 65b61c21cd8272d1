namespace HaCluster.Stack.Nodes;

/// <summary>Names by which pods choose nodes.</summary>
public static class NodePool
{
    /// <summary>Label of every node, and the taint of stateful ones.</summary>
    public const string Label = "ha-cluster/pool";

    public const string System = "system";

    public const string Stateful = "stateful";

    public const string General = "general";

    /// <summary>Taint of system nodes, the one that add-ons of EKS tolerate by default.</summary>
    public const string SystemTaint = "CriticalAddonsOnly";
}
