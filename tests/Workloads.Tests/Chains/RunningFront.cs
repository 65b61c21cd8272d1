using System.Net;
using System.Security.Cryptography.X509Certificates;
using HaCluster.Stack.Chains.Fronts;
using HaCluster.Stack.Chains.Replicas;
using HaCluster.Workloads.Tests.Peers;

namespace HaCluster.Workloads.Tests.Chains;

/// <summary>
/// A real HAProxy with the configuration of a front and stand-ins behind it. Only addresses, ports and paths are changed: each node has an address
/// of its own on the loopback, because all have the same ports.
/// </summary>
internal sealed class RunningFront : IAsyncDisposable
{
    public const string Password = "s3cret";

    /// <summary>Name of the node that only a front with DNS has: the first one, somewhere else.</summary>
    public const string Moved = "moved";

    public static readonly IPAddress MovedTo = IPAddress.Parse("127.0.0.99");

    private readonly Scratch _scratch;
    private readonly HttpClient _client;
    private RunningProgram _process;

    private RunningFront(Scratch scratch, RunningProgram process, HttpClient client, IReadOnlyList<FakeNode> nodes, int metricsPort)
    {
        _scratch = scratch;
        _process = process;
        _client = client;
        Nodes = nodes;
        MetricsPort = metricsPort;
    }

    public IReadOnlyList<FakeNode> Nodes { get; }

    public int MetricsPort { get; }

    public required int StatePort { get; init; }

    /// <summary>File with the last known addresses.</summary>
    public required string State { get; init; }

    private Func<RunningProgram> Restart { get; init; } = null!;

    /// <param name="nodes">Nodes of the chain.</param>
    /// <param name="requestsPerMinute">Limit of one client.</param>
    /// <param name="names">Names in the certificates of the nodes; null: those that the front calls them by.</param>
    /// <param name="dns">Where the front looks up the nodes; null: their addresses are in the configuration.</param>
    public static async Task<RunningFront> StartAsync(
        ChainNodes nodes, int requestsPerMinute = 100_000, string[]? names = null, LoopbackDns? dns = null)
    {
        var haproxy = Tool.HaProxy.Require();
        Skip.IfNot(Loopback.HasMany, Loopback.Needed);
        var scratch = new Scratch();
        using var authority = new Authority();
        var certificate = authority.Issue("localhost");
        WriteMounts(scratch, authority, certificate);
        var (port, metricsPort, rpcPort, sentinelPort, statePort) = (Waiting.FreePort(), Waiting.FreePort(), Waiting.FreePort(), Waiting.FreePort(), Waiting.FreePort());
        var text = Adapted(FrontConfiguration.Text(nodes, requestsPerMinute), scratch, port, metricsPort, sentinelPort, statePort);
        if (dns is not null)
            text = ResolverClock.SpeedUp(text.Replace("parse-resolv-conf", $"nameserver loopback 127.0.0.1:{dns.Port}", StringComparison.Ordinal));
        var fakes = new List<FakeNode>();
        foreach (var (pod, index) in nodes.Pods.Select((pod, index) => (pod, index)))
        {
            var address = IPAddress.Parse($"127.0.0.{index + 2}");
            var host = dns is null ? $"{address}" : nodes.HostOf(pod);
            text = text.Replace($" {nodes.HostOf(pod)}:{nodes.RpcPort}", $" {host}:{rpcPort}", StringComparison.Ordinal);
            fakes.Add(await FakeNode.StartAsync(pod, address, rpcPort, sentinelPort, Certificate(pod)));
            dns?.Addresses.TryAdd(nodes.HostOf(pod), address);
        }

        // The first node at another address, which DNS does not give yet.
        if (dns is not null)
            fakes.Add(await FakeNode.StartAsync(Moved, MovedTo, rpcPort, sentinelPort, Certificate(nodes.Pods.First())));

        var configuration = scratch.Write("haproxy.cfg", text);
        var process = Start(haproxy, configuration);
        var client = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = { RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.GetCertHashString() == certificate.Thumbprint },
        })
        {
            BaseAddress = new Uri($"https://localhost:{port}"),
            Timeout = Waiting.Limit,
        };
        var front = new RunningFront(scratch, process, client, fakes, metricsPort)
        {
            StatePort = statePort,
            State = $"{scratch.Path}/state/{FrontConfiguration.StateFile}",
            Restart = () => Start(haproxy, configuration),
        };
        await front.UntilOpenAsync();
        return front;

        X509Certificate2? Certificate(string pod) => nodes.Chain == RpcFront.Bitcoin ? authority.Issue(names ?? [nodes.HostOf(pod)]) : null;
    }

    /// <summary>A configuration of the stack with the folders and ports of a test; all nodes keep the same port, and so do all sentinels.</summary>
    public static string Adapted(string text, Scratch mounts, int port, int metricsPort, int sentinelPort, int statePort) => text
        .Replace(FrontConfiguration.TlsPath, $"{mounts.Path}/tls", StringComparison.Ordinal)
        .Replace(FrontConfiguration.NodeAuthorityPath, $"{mounts.Path}/nodes", StringComparison.Ordinal)
        .Replace($"bind :{RpcFront.Port} ", $"bind 127.0.0.1:{port} ", StringComparison.Ordinal)
        .Replace($"bind :{RpcFront.MetricsPort}\n", $"bind 127.0.0.1:{metricsPort}\n", StringComparison.Ordinal)
        .Replace($"check port {Sentinel.Port} ", $"check port {sentinelPort} ", StringComparison.Ordinal)
        .Replace(FrontConfiguration.StatePath, $"{mounts.Path}/state", StringComparison.Ordinal)
        .Replace($":{FrontConfiguration.StatePort} ", $":{statePort} ", StringComparison.Ordinal);

    /// <summary>Files that the pod of a front has mounted.</summary>
    public static void WriteMounts(Scratch mounts, Authority authority, X509Certificate2 certificate)
    {
        mounts.Write("tls/tls.crt", certificate.ExportCertificatePem());
        mounts.Write("tls/tls.key", certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
        mounts.Write("nodes/ca.crt", authority.Pem);
        mounts.Write($"state/{FrontConfiguration.StateFile}", "1\n");
    }

    /// <summary>Ends HAProxy and starts it again with the same files, as the kubelet does with the container.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        _process = Restart();
        await UntilOpenAsync();
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
        await StopAsync();
        _client.Dispose();
        foreach (var node in Nodes)
            await node.DisposeAsync();
        _scratch.Dispose();
    }

    private ValueTask StopAsync() => _process.DisposeAsync();

    private Task UntilOpenAsync() => Waiting.UntilAsync(
        "the front is open", async () => (await MetricsAsync("/healthz")).Contains("200", StringComparison.Ordinal), () => _process.Text);

    private static RunningProgram Start(string haproxy, string configuration) => RunningProgram.Start(
        haproxy, ["-db", "-f", configuration], environment: new Dictionary<string, string?> { [FrontConfiguration.PasswordVariable] = Password });
}
