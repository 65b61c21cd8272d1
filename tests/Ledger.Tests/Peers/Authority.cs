using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HaCluster.Ledger.Tests.Peers;

/// <summary>A key with a certificate by another one, or by itself.</summary>
internal sealed class Authority : IDisposable
{
    public const string ServerUse = "1.3.6.1.5.5.7.3.1";
    public const string ClientUse = "1.3.6.1.5.5.7.3.2";

    /// <param name="name">An address of a server, or a common name.</param>
    /// <param name="subject">Default: CN=name.</param>
    /// <param name="use">Key usage of a client; null: a server's, or an authority's.</param>
    public Authority(string name, Authority? issuer, string? subject = null, string? use = null, string? dns = null, string? uri = null, TimeSpan? begins = null, TimeSpan? ends = null)
    {
        var request = new CertificateRequest(subject ?? $"CN={name}", Key, HashAlgorithmName.SHA256);
        var isAddress = IPAddress.TryParse(name, out var address);
        var isAuthority = !isAddress && use is null;
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        if (use is not null)
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], false));
        var names = new SubjectAlternativeNameBuilder();
        if (isAddress)
            names.AddIpAddress(address!);
        if (dns is not null)
            names.AddDnsName(dns);
        if (uri is not null)
            names.AddUri(new Uri(uri));
        if (isAddress || dns is not null || uri is not null)
            request.CertificateExtensions.Add(names.Build());
        var (from, to) = (DateTimeOffset.UtcNow + (begins ?? TimeSpan.FromHours(-2)), DateTimeOffset.UtcNow + (ends ?? TimeSpan.FromHours(2)));
        Certificate = issuer is null
            ? request.CreateSelfSigned(from, to)
            : request.Create(issuer.Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(issuer.Key), from, to, RandomNumberGenerator.GetBytes(8));
    }

    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public X509Certificate2 Certificate { get; }

    /// <summary>As a client shows it.</summary>
    public X509Certificate2 WithKey() => Certificate.HasPrivateKey ? Certificate : Certificate.CopyWithPrivateKey(Key);

    /// <summary>Writes NAME.pem, with the certificates of those between, and NAME.key.</summary>
    public (string Certificate, string Key) WriteTo(string folder, string name, params Authority[] between)
    {
        var (certificate, key) = (Path.Combine(folder, $"{name}.pem"), Path.Combine(folder, $"{name}.key"));
        File.WriteAllText(key, Key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(certificate, string.Concat(new[] { this }.Concat(between).Select(one => one.Certificate.ExportCertificatePem() + "\n")));
        return (certificate, key);
    }

    public void Dispose()
    {
        Certificate.Dispose();
        Key.Dispose();
    }
}
