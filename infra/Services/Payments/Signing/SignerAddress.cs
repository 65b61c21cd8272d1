using HaCluster.Services;

namespace HaCluster.Payments.Signing;

/// <summary>Where the signer is.</summary>
internal abstract record SignerAddress
{
    private SignerAddress()
    {
    }

    /// <summary>On this computer.</summary>
    internal sealed record UnixSocket(string Path) : SignerAddress
    {
        public override string ToString() => Path;
    }

    /// <summary>On the network: each side shows the other a certificate.</summary>
    /// <param name="Own">The certificate of the service.</param>
    /// <param name="Authority">That issued the signer's.</param>
    internal sealed record MutualTls(Uri Url, Reloaded<ServerCertificate> Own, Reloaded<TrustedAuthority> Authority) : SignerAddress
    {
        public override string ToString() => $"{Url}";
    }
}
