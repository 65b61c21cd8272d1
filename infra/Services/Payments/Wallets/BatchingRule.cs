namespace HaCluster.Payments.Wallets;

/// <summary>How many transfers of a wallet of Bitcoin one transaction pays, and how long an approved one waits for others.</summary>
/// <param name="Most">1: each transfer has a transaction of its own.</param>
internal sealed record BatchingRule(long Most, TimeSpan Wait)
{
    /// <summary>Some 4300 virtual bytes of outputs, of the 100000 that nodes pass on in one transaction (https://github.com/bitcoin/bitcoin/blob/master/src/policy/policy.h, MAX_STANDARD_TX_WEIGHT).</summary>
    public const int Largest = 100;

    /// <summary>Seconds: who asks for a transfer waits for it.</summary>
    public const int LongestWait = 3600;

    /// <param name="approved">When each of some transfers that wait was approved.</param>
    public bool IsDue(IReadOnlyCollection<DateTimeOffset> approved, DateTimeOffset now) => approved.Count >= Most || approved.Any(time => now - time >= Wait);
}
