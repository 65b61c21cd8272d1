namespace HaCluster.Ledger.Archives;

/// <summary>How long records are kept: an archive may delete older ones, and nothing younger.</summary>
internal sealed record Retention(int Years)
{
    public bool HasPassed(DateTimeOffset at, DateTimeOffset now) => at <= now.AddYears(-Years);
}
