using System.Threading.RateLimiting;

namespace HaCluster.Payments.Access;

/// <summary>Requests per second that a key may make: one client in a loop leaves the others their turn.</summary>
internal sealed class RateLimits(int perSecond) : IDisposable
{
    /// <summary>Seconds that are saved up: the most that may come at one moment.</summary>
    private const int Burst = 2;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly PartitionedRateLimiter<string> _keys = PartitionedRateLimiter.Create<string, string>(key => RateLimitPartition.GetTokenBucketLimiter(
        key, _ => new TokenBucketRateLimiterOptions { TokenLimit = Burst * perSecond, TokensPerPeriod = perSecond, ReplenishmentPeriod = Period, QueueLimit = 0 }));

    /// <returns>After which it may ask again; null: it may now.</returns>
    public TimeSpan? Take(string key)
    {
        using var lease = _keys.AttemptAcquire(key);
        if (lease.IsAcquired)
            return null;
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : Period;
    }

    public void Dispose() => _keys.Dispose();
}
