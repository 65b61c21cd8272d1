using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Arguments;

/// <summary>Validated arguments of the service.</summary>
internal sealed record ServeOptions
{
    public required IPEndPoint Listen { get; init; }

    /// <summary>Folder of the SQLite file.</summary>
    public required string Data { get; init; }

    /// <summary>Of PostgreSQL; null: SQLite.</summary>
    public string? ConnectionString { get; init; }

    public required Networks Networks { get; init; }

    /// <summary>Null: transfers on Bitcoin wait.</summary>
    public Uri? Bitcoin { get; init; }

    /// <summary>Null: transfers on Ethereum wait.</summary>
    public Uri? Ethereum { get; init; }

    /// <summary>Unix socket of the signer; null: transfers wait.</summary>
    public string? Signer { get; init; }

    /// <summary>Null: plain HTTP.</summary>
    public ServerCertificate? Certificate { get; init; }

    public DepositRules Deposits { get; init; } = new();

    public SenderOptions Sender { get; init; } = new();
}

/// <param name="Chain">The certificate and those between it and its root, which the client may not have.</param>
internal sealed record ServerCertificate(X509Certificate2 Certificate, X509Certificate2Collection Chain)
{
    /// <exception cref="CryptographicException">The files are not a certificate in PEM format and its private key.</exception>
    public static ServerCertificate Read(string certificate, string key)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificate);
        return new ServerCertificate(X509Certificate2.CreateFromPemFile(certificate, key), chain);
    }
}
