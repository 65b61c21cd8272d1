using System.Net;
using System.Text;
using System.Text.Json;
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
    private readonly HttpListener _node = new();
    private string _chain = "0x7a69";

    public LocalPeersTests()
    {
        Node = new Uri($"http://127.0.0.1:{Waiting.FreePort()}");
        _node.Prefixes.Add($"{Node}");
        _node.Start();
        _ = AnswerAsync();
    }

    private Uri Node { get; }

    private ServeOptions Options => new() { Listen = new IPEndPoint(IPAddress.Loopback, 0), Data = _scratch.Path, Networks = Networks.Development };

    public void Dispose()
    {
        ((IDisposable)_node).Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public async Task What_is_there_is_taken_and_what_is_not_is_left_out()
    {
        Assert.Equal((null, null, null), Peers(await FindAsync(Options, Nobody, Nobody)));
        await File.WriteAllTextAsync(_scratch.At("signer.sock"), "");
        Assert.Equal((Node, null, _scratch.At("signer.sock")), Peers(await FindAsync(Options, Node, Nobody)));
        Assert.Equal((null, Node, _scratch.At("signer.sock")), Peers(await FindAsync(Options, Nobody, Node)));
    }

    [Fact]
    public async Task What_was_named_stays_and_where_money_is_real_nothing_is_guessed()
    {
        await File.WriteAllTextAsync(_scratch.At("signer.sock"), "");
        var named = Options with { Ethereum = Nobody, Bitcoin = Nobody, Signer = new SignerAddress.UnixSocket("mine.sock") };
        Assert.Equal((Nobody, Nobody, "mine.sock"), Peers(await FindAsync(named, Node, Node)));
        foreach (var real in new[] { Options with { Networks = new Networks(NBitcoin.Network.Main, 31337) }, Options with { Networks = new Networks(NBitcoin.Network.RegTest, 1) }, Options with { ConnectionString = Reloaded<string>.Fixed("Host=db") } })
            Assert.Equal((null, null, null), Peers(await FindAsync(real, Node, Node)));
    }

    [Fact]
    public async Task A_node_of_another_chain_and_one_that_wants_a_password_are_not_meant()
    {
        _chain = "0x1";
        Assert.Equal((null, Node, null), Peers(await FindAsync(Options, Node, Node)));
        _chain = "";
        Assert.Equal((null, null, null), Peers(await FindAsync(Options, Node, Node)));
    }

    /// <summary>On a busy computer a second is not enough.</summary>
    private static Task<ServeOptions> FindAsync(ServeOptions options, Uri ethereum, Uri bitcoin) => LocalPeers.AddAsync(options, ethereum, bitcoin, default, Waiting.Limit);

    /// <summary>A node of both chains.</summary>
    private async Task AnswerAsync()
    {
        while (_node.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _node.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var reader = new StreamReader(context.Request.InputStream);
            var asked = JsonDocument.Parse(await reader.ReadToEndAsync()).RootElement;
            var result = asked.GetProperty("method").GetString() switch
            {
                "eth_chainId" => $"\"{_chain}\"",
                "getblockcount" => "7",
                _ => $"\"{new string('0', 64)}\"",
            };
            if (_chain.Length == 0)
                context.Response.StatusCode = (int)HttpStatusCode.Unauthorized;
            else
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":{{asked.GetProperty("id").GetRawText()}},"result":{{result}},"error":null}"""));
            context.Response.Close();
        }
    }

    private static (Uri? Ethereum, Uri? Bitcoin, string? Signer) Peers(ServeOptions options) => (options.Ethereum, options.Bitcoin, (options.Signer as SignerAddress.UnixSocket)?.Path);
}
