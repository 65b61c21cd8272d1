using System.Net;
using System.Security.Cryptography.X509Certificates;
using HaCluster.Sentinel.Arguments;
using HaCluster.Workloads.Tests.Chains;

namespace HaCluster.Sentinel.Tests.Peers;

/// <summary>A bcoin behind a <see cref="StandInBtcd"/>, with the files that Secrets bring into its pod.</summary>
internal sealed class BtcdNode : IAsyncDisposable
{
    public const string BcoinPassword = "of-bcoin";

    private readonly string _folder;
    private readonly Authority _authority;
    private readonly string[] _names;

    private BtcdNode(string folder, Authority authority, string[] names, ChainProcess bcoin) => (_folder, _authority, _names, Bcoin) = (folder, authority, names, bcoin);

    public ChainProcess Bcoin { get; }

    public StandInBtcd Btcd { get; private set; } = null!;

    public NodeAccess Access => new(Btcd.Url, File("user"), File("password"), File("ca.crt"), File("tls.crt"));

    /// <param name="names">In its certificate, beside localhost.</param>
    /// <param name="front">Address that the front calls; null: none.</param>
    /// <param name="peerPort">See <see cref="ChainProcess.BcoinAsync"/>.</param>
    public static async Task<BtcdNode> StartAsync(Authority authority, string password, IPEndPoint? front = null, int peerPort = 0, string? peer = null, params string[] names)
    {
        var folder = Directory.CreateTempSubdirectory("btcd").FullName;
        var bcoin = await ChainProcess.BcoinAsync(BcoinPassword, $"{front?.Address ?? IPAddress.Loopback}", peerPort: peerPort, folder: Path.Combine(folder, "chain"), peer: peer);
        var node = new BtcdNode(folder, authority, ["localhost", .. names], bcoin);
        await System.IO.File.WriteAllTextAsync(node.File("user"), StandInBtcd.User);
        await System.IO.File.WriteAllTextAsync(node.File("password"), password);
        await System.IO.File.WriteAllTextAsync(node.File("ca.crt"), authority.Pem);
        node.RenewCertificate();
        node.Btcd = await StandInBtcd.StartAsync(bcoin, BcoinPassword, front, node.File("tls.crt"), node.File("tls.key"), password);
        return node;
    }

    public string File(string name) => Path.Combine(_folder, name);

    /// <summary>Puts another certificate into the files, as cert-manager does; it began to be valid an hour ago.</summary>
    public void RenewCertificate()
    {
        using var certificate = _authority.Issue(_names);
        System.IO.File.WriteAllText(File("tls.crt"), certificate.ExportCertificatePem());
        System.IO.File.WriteAllText(File("tls.key"), certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>As <c>kill -9</c>: btcd is one program.</summary>
    public async Task KillAsync()
    {
        await Bcoin.KillAsync();
        await Btcd.StopAsync();
    }

    /// <summary>With its data, its configuration and the certificate of the files.</summary>
    public async Task StartAgainAsync()
    {
        await Bcoin.StartAgainAsync();
        await Btcd.StartAgainAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Btcd.DisposeAsync();
        await Bcoin.KillAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
