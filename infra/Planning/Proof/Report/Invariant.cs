namespace HaCluster.Planning.Proof.Report;

/// <summary>A requirement that must hold in every scenario. Each has a page: <see cref="InvariantPages"/>.</summary>
public enum Invariant
{
    /// <summary>Enough ready replicas right after a loss, before any repair.</summary>
    Serving,

    /// <summary>Displaced pods fit on the remaining nodes: AWS may refuse launches exactly then.</summary>
    StaticStability,

    /// <summary>No more pods wait for a volume in a lost zone than the redundancy covers.</summary>
    Volumes,

    /// <summary>A majority of the voting nodes remains.</summary>
    Quorum,

    /// <summary>Every remaining zone keeps inbound and outbound paths.</summary>
    Routes,

    /// <summary>Replacements and updates fit into the namespace's quota.</summary>
    QuotaRoom,

    /// <summary>Drains complete: no budget forbids every eviction.</summary>
    Eviction,

    /// <summary>One misbehaving pod affects only itself.</summary>
    BlastRadius,

    /// <summary>Recovery within the objective.</summary>
    RecoveryTime,
}
