using System.Net;
using System.Security.Cryptography.X509Certificates;
using HaCluster.Stack.Chains.Fronts;
using HaCluster.Stack.Chains.Replicas;
using HaCluster.Workloads.Tests.Chains;

namespace HaCluster.Sentinel.Tests.Faults;

/// <summary>
/// A real HAProxy with the configuration that the stack renders for a front. Only addresses, ports and paths are changed: each node has an address of its own
/// on the loopback, since all have the same ports.
/// </summary>
internal sealed class Front : IAsyncDisposable
{
    public const string Password = "of-the-front";

    private readonly RunningProgram _process;
    private readonly string _folder;
    private readonly string _thumbprint;
    private readonly int _port;
    private readonly int _metricsPort;
    private readonly HttpClient _http = new();

    private Front(RunningProgram process, string folder, string thumbprint, int port, int metricsPort) =>
        (_process, _folder, _thumbprint, _port, _metricsPort) = (process, folder, thumbprint, port, metricsPort);

    /// <param name="authority">Of the nodes' certificates, and of its own.</param>
    public static async Task<Front> StartAsync(ChainNodes nodes, IReadOnlyList<IPAddress> addresses, int rpcPort, int sentinelPort, Authority authority)
    {
        var haproxy = Programs.Find("haproxy");
        Skip.If(haproxy is null, "needs haproxy: apt-get install haproxy");
        var folder = Directory.CreateTempSubdirectory("front").FullName;
        using var certificate = authority.Issue("localhost");
        await File.WriteAllTextAsync($"{folder}/tls.crt", certificate.ExportCertificatePem());
        await File.WriteAllTextAsync($"{folder}/tls.key", certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
        await File.WriteAllTextAsync($"{folder}/ca.crt", authority.Pem);
        await File.WriteAllTextAsync($"{folder}/{FrontConfiguration.StateFile}", "1\n");
        var (port, metricsPort) = (Waiting.FreePort(), Waiting.FreePort());
        var text = FrontConfiguration.Text(nodes, requestsPerMinute: 1_000_000)
            .Replace(FrontConfiguration.TlsPath, folder, StringComparison.Ordinal)
            .Replace(FrontConfiguration.NodeAuthorityPath, folder, StringComparison.Ordinal)
            .Replace(FrontConfiguration.StatePath, folder, StringComparison.Ordinal)
            .Replace($"bind :{RpcFront.Port} ", $"bind 127.0.0.1:{port} ", StringComparison.Ordinal)
            .Replace($"bind :{RpcFront.MetricsPort}\n", $"bind 127.0.0.1:{metricsPort}\n", StringComparison.Ordinal)
            .Replace($"check port {Stack.Chains.Replicas.Sentinel.Port} ", $"check port {sentinelPort} ", StringComparison.Ordinal)
            .Replace($":{FrontConfiguration.StatePort} ", $":{Waiting.FreePort()} ", StringComparison.Ordinal);
        foreach (var (pod, address) in nodes.Pods.Zip(addresses))
            text = text.Replace($" {nodes.HostOf(pod)}:{nodes.RpcPort}", $" {address}:{rpcPort}", StringComparison.Ordinal);
        await File.WriteAllTextAsync($"{folder}/haproxy.cfg", text);
        var process = RunningProgram.Start(
            haproxy!, ["-db", "-f", $"{folder}/haproxy.cfg"], environment: new Dictionary<string, string?> { [FrontConfiguration.PasswordVariable] = Password });
        var front = new Front(process, folder, certificate.Thumbprint, port, metricsPort);
        await Waiting.UntilAsync("the front is open", async () => (await front.MetricsAsync()).Length > 0, () => process.Text);
        return front;
    }

    public HttpClient Client(Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect) => new(new SocketsHttpHandler
    {
        ConnectCallback = connect,
        SslOptions = { RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.GetCertHashString() == _thumbprint },
    })
    {
        BaseAddress = new Uri($"https://localhost:{_port}"),
        // Longer than the front waits for a node.
        Timeout = TimeSpan.FromSeconds(90),
    };

    public async Task<bool> UsesAsync(string pod) => (await LinesAsync("haproxy_server_status{", pod)).Any(line => line.Contains("state=\"UP\"", StringComparison.Ordinal) && line.EndsWith(" 1", StringComparison.Ordinal));

    public async Task<bool> HasServedAsync(string pod) => (await LinesAsync("haproxy_server_http_responses_total{", pod)).Any(line => line.Contains("code=\"2xx\"", StringComparison.Ordinal) && !line.EndsWith(" 0", StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<IEnumerable<string>> LinesAsync(string start, string pod) => (await MetricsAsync()).Split('\n')
        .Where(line => line.StartsWith(start, StringComparison.Ordinal) && line.Contains($"server=\"{pod}\"", StringComparison.Ordinal));

    private Task<string> MetricsAsync() => _http.GetStringAsync(new Uri($"http://127.0.0.1:{_metricsPort}/metrics"));
}
