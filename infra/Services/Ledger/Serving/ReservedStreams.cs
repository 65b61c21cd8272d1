namespace HaCluster.Ledger.Serving;

/// <summary>Streams that the ledger writes itself; no client may.</summary>
internal static class ReservedStreams
{
    /// <summary>Who read what.</summary>
    public const string Audit = "audit";

    /// <summary>Taken, so that nobody mistakes a stream for the list of what the index refuses.</summary>
    public const string DeadLetters = "dead-letters";

    public static bool Includes(string? stream) => stream is Audit or DeadLetters;
}
