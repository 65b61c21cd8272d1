using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Arguments;
using HaCluster.Ledger.Tests.Peers;
using HaCluster.Ledger.Tests.Serving;
using HaCluster.Ledger.Tests.Writing;

namespace HaCluster.Ledger.Tests.Syslog;

public sealed class SyslogServerTests : IDisposable
{
    private readonly SecuredService _secured = new();

    public void Dispose() => _secured.Dispose();

    [SkippableFact]
    public async Task Messages_are_stored_in_order_and_one_with_an_id_or_a_number_only_once()
    {
        await using var service = await _secured.StartAsync();
        await using (var sender = await SenderAsync(service, _secured.Client()))
        {
            await sender.SendAsync("<13>1 2026-01-31T12:00:00.123456Z host app 1 - - first", "<13>1 - - - - - - same", "<13>1 - - - - - - same");
            foreach (var _ in new[] { 1, 2 })
                await sender.SendAsync("<13>1 - - - - - [ledger@32473 id=\"tx-1\"] paid", "<13>1 - - - - - [meta sequenceId=\"1\"] numbered");
            await sender.EndAsync();
        }

        await Waiting.UntilAsync("all are stored", async () => (await service.LinesAsync("payments")).Count == 5, () => service.Log);
        var records = (await service.LinesAsync("payments")).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(["first", "same", "same", "paid", "numbered"], records.Select(record => record.GetProperty("data").GetProperty("message").GetString()));
        Assert.Equal(("shop", "2026-01-31T12:00:00.123456Z", "tx-1"), (records[0].GetProperty("producer").GetString(), records[0].GetProperty("time").GetString(), records[3].GetProperty("id").GetString()));
        await Waiting.UntilAsync("the connection is gone", async () => (await SecuredService.MetricsAsync(service)).Contains("ledger_syslog_connections 0\n", StringComparison.Ordinal), () => service.Log);
        Assert.Contains("ledger_syslog_messages_total{stream=\"payments\"} 7\n", await SecuredService.MetricsAsync(service), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("none", "the client shows no certificate")]
    [InlineData("expired", "the client certificate expired at")]
    [InlineData("other authority", "is not issued by a certificate authority of --client-ca")]
    [InlineData("unknown", "is not that of exactly one entry")]
    [InlineData("several streams", "choose one of them for syslog in the file of producers")]
    public async Task Without_the_certificate_of_a_producer_nothing_is_received(string which, string reason)
    {
        using var other = new Authority("root", null);
        using var client = which switch
        {
            "none" => null,
            "expired" => _secured.Client(ends: TimeSpan.FromMinutes(-1)),
            "other authority" => new Authority("shop", other, use: Authority.ClientUse, dns: "shop.example"),
            "unknown" => _secured.Client("stranger.example"),
            _ => _secured.Client("bank.example"),
        };
        await using var service = await _secured.StartAsync();
        await RefusedAsync(service, client, Encoding.ASCII.GetBytes("16 <13>1 - - - - - -"));
        await ClosedAsync(service, which == "several streams" ? "unknown-stream" : "unknown-producer", reason);
    }

    [SkippableTheory]
    [InlineData("<13>1 - - - - - - lines\n", "not-octet-counted")]
    [InlineData("999999 <13>1", "too-large")]
    [InlineData("hello", "invalid-frame")]
    [InlineData("5 hello", "invalid-syslog")]
    [InlineData("20 <13>1 - - ", "too-slow")]
    public async Task What_is_not_syslog_closes_the_connection_and_what_came_before_is_stored(string bytes, string code)
    {
        await using var service = await _secured.StartAsync(options => options with { Syslog = options.Syslog! with { MessageLimit = code == "too-slow" ? TimeSpan.FromMilliseconds(300) : Waiting.Limit } });
        await RefusedAsync(service, _secured.Client(), [.. Sender.Frame("<13>1 - - - - - - good"), .. Encoding.ASCII.GetBytes(bytes)]);
        await ClosedAsync(service, code, "was closed: ");
        Assert.Single(await service.LinesAsync("payments"));
        Assert.DoesNotContain("hello", service.Log, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Who_does_not_speak_TLS_is_cut_off_and_so_is_one_too_many_while_others_are_served()
    {
        await using var service = await _secured.StartAsync(options => options with { Syslog = options.Syslog! with { HandshakeLimit = Waiting.Limit, MostConnections = 3 } });
        await using var sender = await SenderAsync(service, _secured.Client());
        using var plain = new TcpClient();
        await plain.ConnectAsync(service.Syslog.Address, service.Syslog.Port);
        await plain.GetStream().WriteAsync("<13>1 - - - - - - plain\n"u8.ToArray());
        await EndOfAsync(plain.GetStream());
        await ClosedAsync(service, "handshake", "was closed: ");

        var many = new List<TcpClient>();
        await Waiting.UntilAsync("there are too many", async () =>
        {
            many.Add(new TcpClient());
            await many[^1].ConnectAsync(service.Syslog.Address, service.Syslog.Port);
            return (await SecuredService.MetricsAsync(service)).Contains("ledger_syslog_connections_closed_total{reason=\"too-many\"}", StringComparison.Ordinal);
        });
        many.ForEach(client => client.Dispose());
        await sender.SendAsync("<13>1 - - - - - - served");
        await Waiting.UntilAsync("it is stored", async () => (await service.LinesAsync("payments")).Count == 1, () => service.Log);
    }

    [SkippableFact]
    public async Task Who_says_nothing_is_cut_off()
    {
        await using var service = await _secured.StartAsync(options => options with { Syslog = options.Syslog! with { HandshakeLimit = TimeSpan.FromMilliseconds(500) } });
        using var silent = new TcpClient();
        await silent.ConnectAsync(service.Syslog.Address, service.Syslog.Port);
        await EndOfAsync(silent.GetStream());
        await ClosedAsync(service, "too-slow", "no TLS handshake");
    }

    [SkippableFact]
    public async Task While_the_archive_is_away_senders_wait_and_then_everything_is_stored_once()
    {
        using var scratch = new Scratch();
        var archive = new FaultyArchive(new FolderArchive(scratch.At("archive"))) { IsAway = true };
        await using var service = await _secured.StartAsync(options => options with { Syslog = options.Syslog! with { RetryEvery = TimeSpan.FromMilliseconds(50) } }, archive);
        await using var sender = await SenderAsync(service, _secured.Client());
        var payload = new string('x', 10_000);
        // More than all buffers between the two take: the sender cannot get rid of it.
        var sending = Task.Run(async () =>
        {
            for (var number = 0; number < 3000; number++)
                await sender.SendAsync($"<13>1 - - - - - - {number} {payload}");
        });
        await Waiting.UntilAsync("the sender waits", async () =>
        {
            var (sent, refused) = (sender.Sent, archive.Refused);
            await Waiting.UntilAsync("the service tries five times more", () => archive.Refused >= refused + 5);
            return sent > 0 && sender.Sent == sent;
        });
        Assert.False(sending.IsCompleted);
        Assert.InRange(sender.Sent, 1, 2900);
        archive.IsAway = false;
        await sending.WaitAsync(Waiting.Limit);
        await sender.EndAsync();
        await Waiting.UntilAsync("everything is stored", async () => (await NumbersAsync(scratch)).Count == 3000, () => service.Log);
        Assert.Equal(Enumerable.Range(0, 3000), await NumbersAsync(scratch));
    }

    [SkippableFact]
    public async Task When_the_service_stops_what_a_sender_had_sent_is_stored()
    {
        var service = await _secured.StartAsync();
        await using var sender = await SenderAsync(service, _secured.Client());
        for (var number = 0; number < 500; number++)
            await sender.SendAsync($"<13>1 - - - - - - {number}");
        var stop = service.StopAsync();
        // The end of the stream is what tells a sender to go elsewhere; then it ends, too.
        await sender.PeerEndedAsync();
        await sender.EndAsync();
        await stop.WaitAsync(Waiting.Limit);
        Assert.Equal(500, (await service.LinesAsync("payments")).Count);
        await service.DisposeAsync();
    }

    [Theory]
    [InlineData("--syslog needs --producers", "--syslog", "127.0.0.1:0")]
    [InlineData("--syslog needs --certificate", "--syslog", "127.0.0.1:0")]
    [InlineData("--syslog needs --client-ca", "--syslog", "127.0.0.1:0")]
    [InlineData("--syslog is 'x'; write an address and a port", "--syslog", "x")]
    public async Task Syslog_needs_producers_with_certificates(string message, params string[] arguments)
    {
        using var error = new StringWriter();
        Assert.Equal(CommandLine.Unusable, await CommandLine.RunAsync(arguments, error, error));
        Assert.Contains(message, error.ToString(), StringComparison.Ordinal);
    }

    private static async Task<List<int>> NumbersAsync(Scratch scratch)
    {
        var numbers = new List<int>();
        using var archive = new FolderArchive(scratch.At("archive"));
        await foreach (var name in archive.ListAsync(ArchiveNames.Segments("payments"), "", default))
        {
            Segment.Read(await archive.ReadAsync(name, default), (in _, line) => numbers.Add(int.Parse(
                JsonDocument.Parse(line.ToArray()).RootElement.GetProperty("data").GetProperty("message").GetString()!.Split(' ')[0], CultureInfo.InvariantCulture)));
        }

        return numbers;
    }

    private static async Task ClosedAsync(TestService service, string code, string reason)
    {
        await Waiting.UntilAsync("it is counted", async () => (await SecuredService.MetricsAsync(service)).Contains($"ledger_syslog_connections_closed_total{{reason=\"{code}\"}} 1\n", StringComparison.Ordinal), () => service.Log);
        Assert.Contains(service.Log.Split('\n'), line => line.Contains("\"event\":\"syslog-closed\"", StringComparison.Ordinal) && line.Contains(reason, StringComparison.Ordinal));
    }

    /// <summary>Sends, and is cut off.</summary>
    private static async Task RefusedAsync(TestService service, Authority? client, byte[] bytes)
    {
        try
        {
            await using var sender = await SenderAsync(service, client);
            await sender.SendBytesAsync(bytes);
            await sender.PeerEndedAsync();
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            // That the certificate is refused may be known only after the handshake (TLS 1.3).
        }
    }

    private static async Task EndOfAsync(Stream stream)
    {
        try
        {
            while (await stream.ReadAsync(new byte[1000]).AsTask().WaitAsync(Waiting.Limit) > 0)
            {
            }
        }
        catch (IOException)
        {
            // The connection was reset.
        }
    }

    private static async Task<Sender> SenderAsync(TestService service, Authority? client)
    {
        var tcp = new TcpClient();
        await tcp.ConnectAsync(service.Syslog.Address, service.Syslog.Port);
        var tls = new SslStream(tcp.GetStream());
        var sender = new Sender(tcp, tls);
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "ledger.example",
                ClientCertificateContext = client is null ? null : SslStreamCertificateContext.Create(client.WithKey(), [], offline: true),
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is { Issuer: "CN=root" },
            });
            return sender;
        }
        catch
        {
            await sender.DisposeAsync();
            throw;
        }
    }

    private sealed class Sender(TcpClient tcp, SslStream tls) : IAsyncDisposable
    {
        private int _sent;

        public int Sent => Volatile.Read(ref _sent);

        public static byte[] Frame(string message) => [.. Encoding.ASCII.GetBytes($"{Encoding.UTF8.GetByteCount(message)} "), .. Encoding.UTF8.GetBytes(message)];

        public async Task SendAsync(params string[] messages)
        {
            await SendBytesAsync([.. messages.SelectMany(Frame)]);
            Interlocked.Add(ref _sent, messages.Length);
        }

        public Task SendBytesAsync(byte[] bytes) => tls.WriteAsync(bytes).AsTask();

        public Task PeerEndedAsync() => EndOfAsync(tls);

        /// <summary>Says that nothing more comes.</summary>
        public Task EndAsync() => tls.ShutdownAsync();

        public async ValueTask DisposeAsync()
        {
            await tls.DisposeAsync();
            tcp.Dispose();
        }
    }
}
