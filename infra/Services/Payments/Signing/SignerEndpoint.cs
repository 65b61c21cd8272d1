using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using HaCluster.Services;

namespace HaCluster.Payments.Signing;

/// <summary>The signer's place on the network.</summary>
/// <param name="Authority">That issued the certificates of clients.</param>
/// <param name="ClientName">DNS name in the certificate of the one client that is let in: the authority may have issued others.</param>
internal sealed record SignerEndpoint(IPEndPoint Listen, Reloaded<ServerCertificate> Certificate, Reloaded<TrustedAuthority> Authority, string ClientName)
{
    /// <summary>Options of one connection. The handshake fails for anybody else, so that no byte of theirs is read as a request.</summary>
    public SslServerAuthenticationOptions Options(EventLog log) => new()
    {
        ServerCertificateContext = Certificate.Current.Context,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        AllowRenegotiation = false,
        ClientCertificateRequired = true,
        CertificateChainPolicy = Authority.Current.ForClients(),
        RemoteCertificateValidationCallback = (_, sent, _, errors) =>
        {
            if (errors == SslPolicyErrors.None && sent is X509Certificate2 client && NamesOf(client).Contains(ClientName, StringComparer.OrdinalIgnoreCase))
                return true;
            log.Write("client-refused", "", errors == SslPolicyErrors.None ? $"a client has a valid certificate without the name {ClientName}" : $"a client has no valid certificate: {errors}");
            return false;
        },
    };

    private static IEnumerable<string> NamesOf(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(extension => extension.EnumerateDnsNames());
}
