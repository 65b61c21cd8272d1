namespace HaCluster.Ledger.Serving;

/// <summary>It can be tried again, without a change: the archive is away, or there is no memory for another body.</summary>
internal sealed class UnavailableException(string message) : Exception(message);
