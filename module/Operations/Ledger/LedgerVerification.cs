namespace HaCluster.Operations.Ledger;

/// <summary>How a verification that was asked for goes, or went.</summary>
/// <param name="Records">Found in order so far.</param>
/// <param name="EndedAt">Null until it has ended.</param>
/// <param name="Finding">Why the stream does not pass; empty while it runs, and when it passes.</param>
internal sealed record LedgerVerification(long Records, DateTimeOffset? EndedAt, string Finding);
