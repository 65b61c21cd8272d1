namespace HaCluster.Ledger.Indexing.OpenSearch;

/// <summary>How OpenSearch is spoken to.</summary>
internal sealed record OpenSearchOptions
{
    /// <summary>Bytes of one bulk request before compression; small domains of AWS take 10 MiB (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/limits.html).</summary>
    public int LargestBulk { get; init; } = 4 << 20;

    /// <summary>Tries of one request, or of the records of it that are to be tried again.</summary>
    public int Tries { get; init; } = 5;

    /// <summary>Before the second try, with jitter; the double of it before each further one.</summary>
    public TimeSpan RetryEvery { get; init; } = TimeSpan.FromMilliseconds(200);

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
