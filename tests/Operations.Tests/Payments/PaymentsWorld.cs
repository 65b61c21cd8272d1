using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Numerics;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using HaCluster.Operations.Tests.Fakes;
using HaCluster.Twin.Kubernetes;
using HaCluster.Workloads.Tests.Chains;
using Microsoft.Data.Sqlite;

namespace HaCluster.Operations.Tests.Payments;

/// <summary>The real payments service with TLS behind the port-forward of the twin's API server: what an operator reaches in a cluster.</summary>
internal sealed class PaymentsWorld : IAsyncDisposable
{
    /// <summary>Of <see cref="Tests.Program"/>: this world in a process of its own, for tests that must not load its libraries.</summary>
    public const string Command = "payments-world";

    private const string Destination = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
    private const string Sender = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
    private const string OperatorKey = "hap_000000000000000000000000000000000000000000000000";

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "payments.dll");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ha-payments-world-");
    private readonly Authority _authority = new();
    private RunningProgram? _service;
    private HttpClient? _http;

    public TwinCluster Cluster { get; private set; } = null!;

    /// <summary>Id of the wallet <c>hot</c>, whose transfers above 50 wait for an approval.</summary>
    public string Wallet { get; private set; } = "";

    /// <summary>By name: <c>shop</c> asks for transfers, <c>boss</c> approves them.</summary>
    public Dictionary<string, string> Keys { get; } = new(StringComparer.Ordinal) { ["operator"] = OperatorKey };

    public static async Task<PaymentsWorld> StartAsync()
    {
        var world = new PaymentsWorld();
        try
        {
            await world.ServeAsync();
            await world.FillAsync();
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs until standard input ends, after a line <c>ready</c> with the id of the wallet, the key of who approves and a transfer that waits.</summary>
    /// <param name="kubeconfig">File to write.</param>
    public static async Task<int> RunAsync(string kubeconfig)
    {
        await using var world = await StartAsync();
        world.Cluster.Server.WriteKubeconfig(kubeconfig);
        Console.WriteLine($"ready {world.Wallet} {world.Keys["boss"]} {await world.AskAsync("order-1", 60)}");
        await Console.In.ReadToEndAsync();
        return 0;
    }

    /// <returns>The id of a transfer that waits for an approval.</returns>
    public async Task<string> AskAsync(string order, int amount)
    {
        var transfer = await SendAsync(
            HttpMethod.Post, "/v1/transfers", $$"""{"wallet":"{{Wallet}}","asset":"ethereum","destination":"{{Destination}}","amount":"{{amount}}","maxFee":"5"}""", Keys["shop"], order);
        return transfer.GetProperty("id").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        if (Cluster is not null)
            await Cluster.DisposeAsync();
        _http?.Dispose();
        if (_service is not null)
            await _service.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task ServeAsync()
    {
        using (var certificate = _authority.Issue("payments.payments.svc", "127.0.0.1"))
        {
            await File.WriteAllTextAsync(At("tls.crt"), certificate.ExportCertificatePem());
            await File.WriteAllTextAsync(At("tls.key"), certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
        }

        await File.WriteAllTextAsync(At("operator"), OperatorKey);
        await RunAsync("key", "add", "operator", "view", "admin", "--key-file", At("operator"), "--data", At("store"));
        foreach (var (name, scope) in new[] { ("shop", "transfer"), ("boss", "approve") })
            Keys[name] = (await RunAsync("key", "add", name, "view", scope, "--data", At("store"))).Trim().Split(' ')[^1];
        var port = Waiting.FreePort();
        _service = RunningProgram.Start("dotnet", [Program, "--listen", $"127.0.0.1:{port}", "--certificate", At("tls.crt"), "--certificate-key", At("tls.key"), "--data", At("store")]);
        _http = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, certificate, _, _) => certificate!.Issuer == "CN=authority" })
        {
            BaseAddress = new Uri($"https://127.0.0.1:{port}"),
            Timeout = Waiting.Limit,
        };
        await Waiting.UntilAsync("the payments service is ready", async () =>
        {
            Assert.False(_service.HasEnded, _service.Text);
            try
            {
                return (await _http.GetAsync(new Uri("/ready", UriKind.Relative))).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, () => _service.Text);
        Cluster = await ClusterAsync(port);
    }

    private async Task<TwinCluster> ClusterAsync(int port)
    {
        var cluster = await TwinCluster.StartAsync(new ApiServerOptions { RunsDisruptionController = false });
        cluster.AddNamespace("payments");
        cluster.AddNode("n1", "eu-central-1a");
        cluster.Add("services", """
            { "apiVersion": "v1", "kind": "Service", "metadata": { "name": "payments", "namespace": "payments" },
              "spec": { "selector": { "app.kubernetes.io/name": "payments" }, "ports": [ { "name": "https", "port": 8443, "targetPort": "https" } ] } }
            """);
        foreach (var (name, key, text) in new[] { ("payments-tls", "ca.crt", _authority.Pem), ("payments-operator", "key", OperatorKey) })
        {
            cluster.Add("secrets", $$"""
                { "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "{{name}}", "namespace": "payments" }, "data": { "{{key}}": "{{Convert.ToBase64String(Encoding.ASCII.GetBytes(text))}}" } }
                """);
        }

        cluster.Add("pods", """
            { "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "payments-0", "namespace": "payments", "labels": { "app.kubernetes.io/name": "payments" } },
              "spec": { "nodeName": "n1", "containers": [ { "name": "payments", "ports": [ { "name": "https", "containerPort": 8443 } ] } ] },
              "status": { "phase": "Running", "conditions": [ { "type": "Ready", "status": "True" } ] } }
            """);
        cluster.Server.Ports.Add("payments", "payments-0", 8443, new IPEndPoint(IPAddress.Loopback, port));
        return cluster;
    }

    /// <summary>A wallet with funds. No chain is there, so they are written into the books as the first sight of its balance would be.</summary>
    private async Task FillAsync()
    {
        Wallet = (await SendAsync(HttpMethod.Post, "/v1/wallets", $$"""{"name":"hot","chain":"ethereum","signingKey":"hot","sender":"{{Sender}}"}""", OperatorKey)).GetProperty("id").GetString()!;
        await SendAsync(HttpMethod.Post, $"/v1/wallets/{Wallet}/destinations", $$"""{"address":"{{Destination}}"}""", OperatorKey);
        await SendAsync(HttpMethod.Put, $"/v1/wallets/{Wallet}/policy", """{"assets":{"ethereum":{"perTransfer":"100","perDay":"500","approveAbove":"50","maxFee":"10"}},"approvals":1}""", OperatorKey);
        await using var connection = new SqliteConnection($"Data Source={At("store/payments.db")};Default Timeout=30");
        await connection.OpenAsync();
        connection.CreateFunction("big_add", (string left, string right) => Text(Number(left) + Number(right)));
        connection.CreateFunction("big_subtract", (string left, string right) => Text(Number(left) - Number(right)));
        await using var command = connection.CreateCommand();
        command.CommandText = "insert into postings (cause, at, asset, source, target, amount) values ('test', 0, 'ethereum', 'world', 'available/' || $wallet, '1000')";
        command.Parameters.AddWithValue("$wallet", Wallet);
        await command.ExecuteNonQueryAsync();

        static BigInteger Number(string text) => BigInteger.Parse(text, CultureInfo.InvariantCulture);

        static string Text(BigInteger number) => number.ToString(CultureInfo.InvariantCulture);
    }

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, string body, string key, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/json")) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var answer = await _http!.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var ended = await Programs.RunAsync("dotnet", [Program, .. arguments]);
        Assert.True(ended.Succeeded, ended.Text);
        return ended.Output;
    }
}
