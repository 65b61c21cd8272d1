using System.Net;
using System.Net.Sockets;
using HaCluster.Payments.Arguments;
using HaCluster.Payments.Serving;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Wallets;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Serving;

/// <summary>Without settings the service works with what is on its computer, and only on networks for development.</summary>
public sealed class LocalPeersTests : IDisposable
{
    private static readonly Uri Nobody = new("http://127.0.0.1:1");

    private readonly Scratch _scratch = new();
    private readonly TcpListener _node = new(IPAddress.Loopback, 0);

    public LocalPeersTests() => _node.Start();

    private Uri Node => new($"http://{_node.LocalEndpoint}");

    private ServeOptions Options => new() { Listen = new IPEndPoint(IPAddress.Loopback, 0), Data = _scratch.Path, Networks = Networks.Development };

    public void Dispose()
    {
        _node.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public async Task What_is_there_is_taken_and_what_is_not_is_left_out()
    {
        Assert.Equal((null, null, null), Peers(await LocalPeers.AddAsync(Options, Nobody, Nobody, default)));
        await File.WriteAllTextAsync(_scratch.At("signer.sock"), "");
        Assert.Equal((Node, null, _scratch.At("signer.sock")), Peers(await LocalPeers.AddAsync(Options, Node, Nobody, default)));
        Assert.Equal((null, Node, _scratch.At("signer.sock")), Peers(await LocalPeers.AddAsync(Options, Nobody, Node, default)));
    }

    [Fact]
    public async Task What_was_named_stays_and_where_money_is_real_nothing_is_guessed()
    {
        await File.WriteAllTextAsync(_scratch.At("signer.sock"), "");
        var named = Options with { Ethereum = Nobody, Bitcoin = Nobody, Signer = new SignerAddress.UnixSocket("mine.sock") };
        Assert.Equal((Nobody, Nobody, "mine.sock"), Peers(await LocalPeers.AddAsync(named, Node, Node, default)));
        foreach (var real in new[] { Options with { Networks = new Networks(NBitcoin.Network.Main, 31337) }, Options with { Networks = new Networks(NBitcoin.Network.RegTest, 1) }, Options with { ConnectionString = Reloaded<string>.Fixed("Host=db") } })
            Assert.Equal((null, null, null), Peers(await LocalPeers.AddAsync(real, Node, Node, default)));
    }

    private static (Uri? Ethereum, Uri? Bitcoin, string? Signer) Peers(ServeOptions options) => (options.Ethereum, options.Bitcoin, (options.Signer as SignerAddress.UnixSocket)?.Path);
}
