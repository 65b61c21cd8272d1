namespace HaCluster;

/// <summary>Where an operation is.</summary>
public enum OperationState
{
    /// <summary>A process works on it.</summary>
    Running,

    /// <summary>No process works on it, and it did not end: its process was killed, or lost its lease. Resume or undo it.</summary>
    Interrupted,

    /// <summary>Stopped on request, between steps or within one. Resume or undo it.</summary>
    Stopped,

    /// <summary>A step failed. Resume it when the cause is gone, or undo it.</summary>
    Failed,

    Succeeded,

    /// <summary>Its steps were undone, on request.</summary>
    Undone,

    /// <summary>A step failed, and the operation undid its steps by itself.</summary>
    RolledBack,

    /// <summary>Its journal is damaged, or was written by a newer version; the error says which file, and what to do. It is neither resumed nor undone.</summary>
    Unknown,
}
