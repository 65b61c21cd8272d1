using System.Net;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Indexing;
using HaCluster.Ledger.Serving;
using HaCluster.Ledger.Syslog;
using HaCluster.Ledger.Writing;
using HaCluster.Services;

namespace HaCluster.Ledger.Hosting;

/// <summary>Validated arguments of the service.</summary>
internal sealed record ServeOptions
{
    public required IPEndPoint Listen { get; init; }

    /// <summary>Holds the spool, and by default the archive and the signing key.</summary>
    public required string Data { get; init; }

    /// <summary>A folder, or <c>s3://BUCKET[/PREFIX]</c>.</summary>
    public required string Archive { get; init; }

    /// <summary>A file, or <c>kms:KEY</c>.</summary>
    public required string Key { get; init; }

    /// <summary>Does not change unless it was read from a file.</summary>
    public required Reloaded<Producers> Producers { get; init; }

    /// <summary>Null: plain HTTP.</summary>
    public Reloaded<ServerCertificate>? Certificate { get; init; }

    /// <summary>Null: clients are not asked for certificates.</summary>
    public Reloaded<TrustedAuthority>? ClientAuthority { get; init; }

    /// <summary>Null: no syslog. It needs producers, a certificate and an authority of the clients.</summary>
    public SyslogOptions? Syslog { get; init; }

    /// <summary>Between two looks at files that may have changed.</summary>
    public TimeSpan ReloadEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Null: the default of the bucket.</summary>
    public ObjectRetention? Retention { get; init; }

    public required LogOptions Log { get; init; }

    /// <summary>A file, or the address of OpenSearch; null: no index, and nothing can be searched.</summary>
    public string? Index { get; init; }

    /// <summary>Region of AWS for OpenSearch; null: the one in its host name, or none.</summary>
    public string? IndexRegion { get; init; }

    public IndexerOptions Indexing { get; init; } = new();

    /// <summary>How often the service verifies its own archive; null: never.</summary>
    public TimeSpan? VerifyEvery { get; init; }

    /// <summary>Bytes.</summary>
    public int LargestRecord { get; init; } = 1 << 20;

    /// <summary>Bytes of a body, without its compression.</summary>
    public int LargestRequest { get; init; } = 8 << 20;

    /// <summary>Bytes of all bodies that are being read.</summary>
    public long BodyBudget { get; init; } = 64 << 20;
}
