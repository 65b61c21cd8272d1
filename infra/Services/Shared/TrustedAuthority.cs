using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HaCluster.Services;

/// <summary>The certificate authorities whose certificates are trusted.</summary>
internal sealed class TrustedAuthority
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2Collection _roots;
    private readonly X509Certificate2Collection _others;

    private TrustedAuthority(X509Certificate2Collection roots, X509Certificate2Collection others) => (_roots, _others) = (roots, others);

    /// <param name="file">Roots in PEM format; certificates between them and the peers may be there too.</param>
    /// <exception cref="CryptographicException">It is not such a file.</exception>
    public static TrustedAuthority Read(string file)
    {
        var (all, roots, others) = (new X509Certificate2Collection(), new X509Certificate2Collection(), new X509Certificate2Collection());
        all.ImportFromPemFile(file);
        foreach (var certificate in all)
            (certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData) ? roots : others).Add(certificate);
        return roots.Count > 0 ? new TrustedAuthority(roots, others) : throw new CryptographicException("it has no root certificate (one that is issued by itself)");
    }

    /// <summary>Whether a client is who it says.</summary>
    public X509ChainPolicy ForClients() => Policy(ClientAuthentication);

    /// <summary>Whether a server is who it says.</summary>
    public X509ChainPolicy ForServers() => Policy(ServerAuthentication);

    /// <summary>Nothing is fetched, whatever a certificate asks for.</summary>
    private X509ChainPolicy Policy(string usage)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            ApplicationPolicy = { new Oid(usage) },
        };
        policy.CustomTrustStore.AddRange(_roots);
        policy.ExtraStore.AddRange(_others);
        return policy;
    }
}
