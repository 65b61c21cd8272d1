using System.Net;
using HaCluster.Payments.FinanceLog;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Sealing;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Wallets;
using HaCluster.Services;

namespace HaCluster.Payments.Serving;

/// <summary>Validated arguments of the service.</summary>
internal sealed record ServeOptions
{
    public required IPEndPoint Listen { get; init; }

    /// <summary>Folder of the SQLite file.</summary>
    public required string Data { get; init; }

    /// <summary>Of PostgreSQL; null: SQLite.</summary>
    public Reloaded<string>? ConnectionString { get; init; }

    /// <summary>Keys for what the database keeps for the service alone; null: one in the folder of SQLite, none with PostgreSQL.</summary>
    public Reloaded<SealKeys>? SealKeys { get; init; }

    /// <summary>That of a service with SQLite to which no other was given: beside the database, since both are of this computer.</summary>
    public string OwnSealKey => Path.Combine(Data, "seal.key");

    public required Networks Networks { get; init; }

    /// <summary>Null: transfers on Bitcoin wait.</summary>
    public Uri? Bitcoin { get; init; }

    /// <summary>Null: transfers on Ethereum wait.</summary>
    public Uri? Ethereum { get; init; }

    /// <summary>Null: transfers wait.</summary>
    public SignerAddress? Signer { get; init; }

    /// <summary>Null: plain HTTP.</summary>
    public Reloaded<ServerCertificate>? Certificate { get; init; }

    /// <summary>How often the files of settings are looked at.</summary>
    public TimeSpan ReloadEvery { get; init; } = TimeSpan.FromSeconds(10);

    public DepositRules Deposits { get; init; } = new();

    public SenderOptions Sender { get; init; } = new();

    /// <summary>Null: events are delivered to no finance log.</summary>
    public LedgerOptions? Ledger { get; init; }

    /// <summary>Collector of traces; null: none.</summary>
    public Uri? Collector { get; init; }

    /// <summary>Requests per second that a key may make.</summary>
    public int RateLimit { get; init; } = 500;

    /// <summary>Not public, and webhooks may lead there.</summary>
    public IReadOnlyList<IPNetwork> WebhookNetworks { get; init; } = [];
}
