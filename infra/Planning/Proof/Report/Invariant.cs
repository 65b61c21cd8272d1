namespace HaCluster.Planning.Proof.Report;

/// <summary>What must hold whatever happens. Each has a page: <see cref="InvariantPages"/>.</summary>
public enum Invariant
{
    /// <summary>Enough ready replicas at once, before anything has been repaired.</summary>
    Serving,

    /// <summary>Everything that is displaced finds room on the nodes that are left: AWS may refuse launches exactly then.</summary>
    StaticStability,

    /// <summary>No pod waits for a volume in a dead zone beyond what its redundancy covers.</summary>
    Volumes,

    /// <summary>A majority of those that vote is left.</summary>
    Quorum,

    /// <summary>Ways in and ways out are left for every zone that stands.</summary>
    Routes,

    /// <summary>Replacements and updates fit into the namespace's quota.</summary>
    QuotaRoom,

    /// <summary>A drain gets through: no budget forbids every eviction.</summary>
    Eviction,

    /// <summary>One pod gone wild harms itself only.</summary>
    BlastRadius,

    /// <summary>As before within the objective.</summary>
    RecoveryTime,
}
