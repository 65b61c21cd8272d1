namespace HaCluster.Planning.Proof.Losses;

/// <summary>Why a pod finds no place.</summary>
internal enum StuckCause
{
    /// <summary>Its volume is in a zone that is gone.</summary>
    DeadVolume,

    /// <summary>Its volume is in a zone that stands, and no node there has room for it.</summary>
    VolumeWithoutNode,

    /// <summary>A new node would take it: there is too little room.</summary>
    Room,

    /// <summary>A node has room for it, and its own required spread keeps it from there.</summary>
    Spread,

    /// <summary>Not even an empty node would take it: a required spread or a rule of its own forbids.</summary>
    Rule,
}
