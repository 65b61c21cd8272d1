using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HaCluster.Services;

/// <summary>The certificate that the service shows, with those between it and its root, which the client may not have.</summary>
internal sealed class ServerCertificate
{
    private ServerCertificate(SslStreamCertificateContext context) => Context = context;

    public SslStreamCertificateContext Context { get; }

    public DateTime NotAfter => Context.TargetCertificate.NotAfter;

    /// <exception cref="CryptographicException">The files are not a certificate in PEM format and its private key.</exception>
    public static ServerCertificate Read(string certificate, string key)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificate);
        // Offline: nothing is fetched from where a certificate says that its issuer is.
        return new ServerCertificate(SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(certificate, key), chain, offline: true));
    }
}
