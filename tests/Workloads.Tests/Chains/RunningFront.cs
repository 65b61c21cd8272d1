using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using HaCluster.Stack.Chains;
using HaCluster.Workloads.Tests.Peers;

namespace HaCluster.Workloads.Tests.Chains;

/// <summary>
/// A real HAProxy with the configuration of a front and stand-ins behind it. Only addresses, ports and paths are changed: each node has an address
/// of its own on the loopback, because all have the same ports.
/// </summary>
internal sealed class RunningFront : IAsyncDisposable
{
    public const string Password = "s3cret";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Scratch _scratch;
    private readonly Process _process;
    private readonly HttpClient _client;

    private RunningFront(Scratch scratch, Process process, HttpClient client, IReadOnlyList<FakeNode> nodes, int metricsPort)
    {
        _scratch = scratch;
        _process = process;
        _client = client;
        Nodes = nodes;
        MetricsPort = metricsPort;
    }

    public IReadOnlyList<FakeNode> Nodes { get; }

    public int MetricsPort { get; }

    /// <param name="nodes">Nodes of the chain.</param>
    /// <param name="requestsPerMinute">Limit of one client.</param>
    /// <param name="names">Names in the certificates of the nodes; null: those that the front calls them by.</param>
    public static async Task<RunningFront> StartAsync(ChainNodes nodes, int requestsPerMinute = 100_000, string[]? names = null)
    {
        var haproxy = Tool.HaProxy.Require();
        var scratch = new Scratch();
        using var authority = new Authority();
        var certificate = authority.Issue("localhost");
        scratch.Write("tls/tls.crt", certificate.ExportCertificatePem());
        scratch.Write("tls/tls.key", certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
        scratch.Write("nodes/ca.crt", authority.Pem);

        var (port, metricsPort, rpcPort, sentinelPort) = (FreePort(), FreePort(), FreePort(), FreePort());
        var text = FrontConfiguration.Text(nodes, requestsPerMinute)
            .Replace(FrontConfiguration.TlsPath, $"{scratch.Path}/tls", StringComparison.Ordinal)
            .Replace(FrontConfiguration.NodeAuthorityPath, $"{scratch.Path}/nodes", StringComparison.Ordinal)
            .Replace($"bind :{RpcFront.Port} ", $"bind 127.0.0.1:{port} ", StringComparison.Ordinal)
            .Replace($"bind :{RpcFront.MetricsPort}\n", $"bind 127.0.0.1:{metricsPort}\n", StringComparison.Ordinal)
            .Replace($"check port {Sentinel.Port} ", $"check port {sentinelPort} ", StringComparison.Ordinal);
        var fakes = new List<FakeNode>();
        foreach (var (pod, index) in nodes.Pods.Select((pod, index) => (pod, index)))
        {
            var address = IPAddress.Parse($"127.0.0.{index + 2}");
            text = text.Replace($" {nodes.HostOf(pod)}:{nodes.RpcPort}", $" {address}:{rpcPort}", StringComparison.Ordinal);
            var own = nodes.Chain == RpcFront.Bitcoin ? authority.Issue(names ?? [nodes.HostOf(pod)]) : null;
            fakes.Add(await FakeNode.StartAsync(pod, address, rpcPort, sentinelPort, own));
        }

        var start = new ProcessStartInfo(haproxy, ["-db", "-f", scratch.Write("haproxy.cfg", text)]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[FrontConfiguration.PasswordVariable] = Password;
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var client = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = { RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.GetCertHashString() == certificate.Thumbprint },
        })
        {
            BaseAddress = new Uri($"https://localhost:{port}"),
            Timeout = Patience,
        };
        var front = new RunningFront(scratch, process, client, fakes, metricsPort);
        await UntilAsync(async () => (await front.MetricsAsync("/healthz")).Contains("200", StringComparison.Ordinal));
        return front;
    }

    /// <summary>Tries until it is so; what it waits for is never a matter of time.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var deadline = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                if (await condition())
                    return;
            }
            catch (HttpRequestException) when (deadline.Elapsed < Patience)
            {
                // It has not opened its door yet.
            }

            Assert.True(deadline.Elapsed < Patience, "it did not become so");
            await Task.Delay(100);
        }
    }

    public Task<(HttpStatusCode Status, string Body)> CallAsync(string method) =>
        PostAsync($$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":[]}""");

    public Task<(HttpStatusCode Status, string Body)> PostAsync(string body) => SendAsync(new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent(body) });

    public async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpRequestMessage request)
    {
        using var response = await _client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Status and text of a page of the metrics port.</summary>
    public async Task<string> MetricsAsync(string path)
    {
        using var client = new HttpClient();
        using var response = await client.GetAsync(new Uri($"http://127.0.0.1:{MetricsPort}{path}"));
        return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _client.Dispose();
        foreach (var node in Nodes)
            await node.DisposeAsync();
        _scratch.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
