using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using HaCluster.Services;

namespace HaCluster.Ledger.Tls;

/// <summary>How the service speaks TLS: with the certificate and the authorities that its files have now.</summary>
/// <param name="authority">Null: clients are not asked for certificates.</param>
internal sealed class TlsEndpoint(Reloaded<ServerCertificate> certificate, Reloaded<TrustedAuthority>? authority, TimeProvider clock)
{
    /// <summary>Options of one connection.</summary>
    /// <param name="seen">Is told the client's certificate; null when it has none. Returns whether the handshake may end well.</param>
    public SslServerAuthenticationOptions Options(Func<PeerCertificate?, bool> seen)
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = certificate.Current.Context,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowRenegotiation = false,
        };
        if (authority is null)
            return options;
        options.ClientCertificateRequired = true;
        options.CertificateChainPolicy = authority.Current.ForClients();
        options.RemoteCertificateValidationCallback = (_, sent, chain, errors) => seen(sent is X509Certificate2 client ? PeerCertificate.Of(client, chain, errors, clock.GetUtcNow()) : null);
        return options;
    }
}
