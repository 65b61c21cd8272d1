namespace HaCluster.Operations.Kubernetes;

/// <summary>Time-outs and retries. The defaults suit an API server that may be in a zone that is failing.</summary>
public sealed record KubernetesOptions
{
    public static readonly KubernetesOptions Default = new();

    /// <summary>Of one attempt.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Of one attempt to read a chunk of a list.</summary>
    public TimeSpan ListTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Attempts in all.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>Before the second attempt, at most; doubled for each further one.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Objects per chunk of a list.</summary>
    public int ChunkSize { get; init; } = 500;

    /// <summary>
    /// A watch that says nothing for so long is opened anew. A server sends bookmarks about once a minute
    /// (https://kubernetes.io/docs/reference/using-api/api-concepts/#watch-bookmarks).
    /// </summary>
    public TimeSpan WatchSilence { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>Age at which a connection is replaced, so that the address of the endpoint is looked up again: EKS moves it, with a DNS TTL of 60 s
    /// (https://docs.aws.amazon.com/eks/latest/best-practices/control-plane.html).</summary>
    public TimeSpan ConnectionLifetime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The pause before the attempt after <paramref name="attempt"/> (from 1), with full jitter.</summary>
    internal TimeSpan DelayAfter(int attempt, TimeSpan? asked)
    {
        var most = TimeSpan.FromMilliseconds(Math.Min(LongestDelay.TotalMilliseconds, FirstDelay.TotalMilliseconds * Math.Pow(2, attempt - 1)));
        var jitter = most * Random.Shared.NextDouble();
        return asked is { } least ? (least < LongestDelay ? least : LongestDelay) + jitter : jitter;
    }
}
