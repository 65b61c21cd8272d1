namespace HaCluster.Payments.Working;

/// <summary>What a part works with did not answer, or did not take what it was given: the part is tried again in the next round.</summary>
internal sealed class UnavailableException(string message, Exception? inner = null) : Exception(message, inner);
