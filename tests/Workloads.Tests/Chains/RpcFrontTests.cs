using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using HaCluster.Stack.Chains.Fronts;
using HaCluster.Stack.Chains.Replicas;
using HaCluster.Workloads.Tests.Peers;

namespace HaCluster.Workloads.Tests.Chains;

public class RpcFrontTests
{
    private static readonly ChainNodes Bitcoin = new("bitcoin", "mainnet", 8333, 8334, [new NodeSet("bitcoin", "btcd", 3, null)]);

    private static readonly ChainNodes Ethereum = new(
        "ethereum", "mainnet", 30303, 8545, [new NodeSet("ethereum-geth", "geth", 2, 6060), new NodeSet("ethereum-reth", "reth", 1, 9001)]);

    [SkippableTheory]
    [InlineData("bitcoin", "getblockcount")]
    [InlineData("bitcoin", "sendrawtransaction")]
    [InlineData("ethereum", "eth_blockNumber")]
    [InlineData("ethereum", "eth_sendRawTransaction")]
    public async Task Offered_methods_reach_a_node(string chain, string method)
    {
        await using var front = await RunningFront.StartAsync(Of(chain));

        var (status, body) = await front.CallAsync(method);

        Assert.Equal(HttpStatusCode.OK, status);
        var node = Assert.Single(front.Nodes, node => node.Name == body);
        Assert.Contains(method, Assert.Single(node.Bodies), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("bitcoin", "stop", "invalidateblock", "addnode", "generate", "getblockcount2", "")]
    [InlineData("ethereum", "admin_addPeer", "debug_traceBlock", "eth_sign", "personal_unlockAccount", "engine_newPayloadV4", "ETH_CALL")]
    public async Task Others_do_not(string chain, params string[] methods)
    {
        await using var front = await RunningFront.StartAsync(Of(chain));

        foreach (var method in methods)
            Assert.Equal(HttpStatusCode.Forbidden, (await front.CallAsync(method)).Status);
        Assert.All(front.Nodes, node => Assert.Empty(node.Bodies));
    }

    // Each of these is read by a node as something else than what a careless filter sees.
    [SkippableTheory]
    [InlineData("""[{"method":"eth_call"}]""", HttpStatusCode.Forbidden)]
    [InlineData("""[{"method":"eth_call"},{"method":"eth_call"}]""", HttpStatusCode.BadRequest)]
    [InlineData("""{"method":"eth_call","method":"admin_addPeer"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"method":"eth_call","METHOD":"admin_addPeer"}""", HttpStatusCode.BadRequest)]
    [InlineData("{\"method\":\"eth_call\",\n\"Method\" :\"admin_addPeer\"}", HttpStatusCode.BadRequest)]
    [InlineData("""{"method":"eth_call","\u006dethod":"admin_addPeer"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"params":[{"method":"eth_call"}]}""", HttpStatusCode.Forbidden)]
    [InlineData("""{"method":["eth_call"]}""", HttpStatusCode.Forbidden)]
    [InlineData("""{"id":1}""", HttpStatusCode.Forbidden)]
    [InlineData("eth_call", HttpStatusCode.Forbidden)]
    [InlineData("", HttpStatusCode.Forbidden)]
    public async Task Batches_and_requests_that_mean_two_things_are_refused(string body, HttpStatusCode expected)
    {
        await using var front = await RunningFront.StartAsync(Ethereum);

        Assert.Equal(expected, (await front.PostAsync(body)).Status);
        Assert.All(front.Nodes, node => Assert.Empty(node.Bodies));
    }

    [SkippableFact]
    public async Task Only_plain_posts_of_a_known_size_to_the_root_are_taken()
    {
        await using var front = await RunningFront.StartAsync(Ethereum);
        const string Call = """{"method":"eth_call"}""";

        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await front.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await front.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/ws") { Content = new StringContent(Call) })).Status);

        var chunked = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent(Call), Headers = { TransferEncodingChunked = true } };
        Assert.Equal(HttpStatusCode.LengthRequired, (await front.SendAsync(chunked)).Status);

        var zipped = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent(Call) };
        zipped.Content.Headers.ContentEncoding.Add("gzip");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await front.SendAsync(zipped)).Status);
        Assert.All(front.Nodes, node => Assert.Empty(node.Bodies));
    }

    [SkippableFact]
    public async Task The_largest_transactions_pass_whole_and_nothing_larger()
    {
        await using var front = await RunningFront.StartAsync(Bitcoin);
        var largest = Transaction(800_000);

        Assert.Equal(HttpStatusCode.OK, (await front.PostAsync(largest)).Status);
        Assert.Equal(largest, Assert.Single(front.Nodes.SelectMany(node => node.Bodies)));
        var larger = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent(Transaction(900_001)), Headers = { ExpectContinue = true } };
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await front.SendAsync(larger)).Status);
        // A forbidden method far behind is still found.
        Assert.Equal(HttpStatusCode.BadRequest, (await front.PostAsync(largest.Replace("]}", "],\"method\":\"stop\"}", StringComparison.Ordinal))).Status);

        static string Transaction(int digits) => $$"""{"method":"sendrawtransaction","params":["{{new string('a', digits)}}"]}""";
    }

    [SkippableFact]
    public async Task The_front_signs_in_for_its_clients_over_verified_TLS()
    {
        await using var front = await RunningFront.StartAsync(Bitcoin);
        var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent("""{"method":"uptime"}""") };
        request.Headers.TryAddWithoutValidation("Authorization", "Basic aW50cnVkZXI6eA==");

        var (status, body) = await front.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            "Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"bitcoin:{RunningFront.Password}")),
            front.Nodes.Single(node => node.Name == body).Authorization);
    }

    [SkippableFact]
    public async Task A_node_with_a_certificate_of_another_name_is_not_trusted()
    {
        await using var front = await RunningFront.StartAsync(Bitcoin, names: ["somebody.else"]);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await front.CallAsync("uptime")).Status);
        Assert.All(front.Nodes, node => Assert.Empty(node.Bodies));
    }

    [SkippableFact]
    public async Task One_that_lags_is_left_out_and_taken_back()
    {
        await using var front = await RunningFront.StartAsync(Ethereum);
        var (_, first) = await front.CallAsync("eth_chainId");
        var laggard = front.Nodes.Single(node => node.Name == first);

        laggard.IsReady = false;
        await Waiting.UntilAsync("the front answers so", async () => (await front.CallAsync("eth_chainId")).Body != first);
        Assert.Equal(HttpStatusCode.OK, (await front.CallAsync("eth_chainId")).Status);

        // A client comes back to its node: what it wrote there it can read there.
        laggard.IsReady = true;
        await Waiting.UntilAsync("the front answers so", async () => (await front.CallAsync("eth_chainId")).Body == first);
    }

    [SkippableFact]
    public async Task A_client_stays_with_one_node()
    {
        await using var front = await RunningFront.StartAsync(Ethereum);
        var (_, first) = await front.CallAsync("eth_chainId");

        for (var call = 0; call < 20; call++)
            Assert.Equal(first, (await front.CallAsync("eth_getTransactionCount")).Body);
    }

    [SkippableFact]
    public async Task Without_any_node_the_front_says_so_and_recovers_by_itself()
    {
        await using var front = await RunningFront.StartAsync(Bitcoin);

        foreach (var node in front.Nodes)
            node.IsReady = false;
        await Waiting.UntilAsync("the front answers so", async () => (await front.CallAsync("uptime")).Status == HttpStatusCode.ServiceUnavailable);
        // Kubernetes must not take the front out as well.
        Assert.StartsWith("200", await front.MetricsAsync("/healthz"), StringComparison.Ordinal);

        front.Nodes[1].IsReady = true;
        await Waiting.UntilAsync("the front answers so", async () => (await front.CallAsync("uptime")).Body == "bitcoin-1");
    }

    [SkippableFact]
    public async Task Open_connections_to_a_node_that_is_left_out_are_cut()
    {
        await using var front = await RunningFront.StartAsync(Ethereum);
        foreach (var node in front.Nodes)
            node.Holds = true;
        var call = front.CallAsync("eth_call");
        var holding = await Task.WhenAny(front.Nodes.Select(node => node.Held.Task));
        var laggard = front.Nodes.Single(node => node.Held.Task == holding);

        laggard.IsReady = false;

        // The node never answers; only a cut connection ends the call.
        Assert.NotEqual(HttpStatusCode.OK, (await call.WaitAsync(Waiting.Limit)).Status);
    }

    [SkippableFact]
    public async Task A_client_that_sends_too_many_requests_gets_429()
    {
        await using var front = await RunningFront.StartAsync(Ethereum, requestsPerMinute: 60);
        var answers = new List<HttpStatusCode>();

        for (var call = 0; call < 200; call++)
            answers.Add((await front.CallAsync("eth_call")).Status);

        Assert.Contains(HttpStatusCode.OK, answers);
        Assert.Contains(HttpStatusCode.TooManyRequests, answers);
    }

    [SkippableFact]
    public async Task The_metrics_that_the_service_groups_ask_for_are_there()
    {
        await using var front = await RunningFront.StartAsync(Bitcoin);
        await front.CallAsync("uptime");

        var metrics = await front.MetricsAsync("/metrics");
        var service = RpcFront.Service("bitcoin");

        foreach (var query in new[] { service.Requests, service.Errors, service.LatencySeconds })
        {
            var name = query.Replace("max(", "", StringComparison.Ordinal).Split('{')[0];
            var proxy = query.Split("proxy=\"")[1].Split('"')[0];
            Assert.Contains($"\n{name}{{proxy=\"{proxy}\"", metrics, StringComparison.Ordinal);
        }

        Assert.Contains("code=\"5xx\"", metrics, StringComparison.Ordinal);
        Assert.StartsWith("404", await front.MetricsAsync("/stats"), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("bitcoin")]
    [InlineData("ethereum")]
    public async Task HAProxy_accepts_the_configuration_without_a_warning(string chain)
    {
        using var scratch = new Scratch();
        using var authority = new Authority();
        var certificate = authority.Issue("localhost");
        scratch.Write("tls.crt", certificate.ExportCertificatePem());
        scratch.Write("tls.key", certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
        scratch.Write("ca.crt", authority.Pem);
        var text = FrontConfiguration.Text(Of(chain), 6000)
            .Replace(FrontConfiguration.TlsPath, scratch.Path, StringComparison.Ordinal)
            .Replace(FrontConfiguration.NodeAuthorityPath, scratch.Path, StringComparison.Ordinal)
            .Replace(FrontConfiguration.StatePath, scratch.Path, StringComparison.Ordinal);
        scratch.Write(FrontConfiguration.StateFile, "1\n");

        var (exitCode, output) = await Tool.HaProxy.RunAsync(scratch.Path, "-c", "-f", scratch.Write("haproxy.cfg", text));

        Assert.True(exitCode == 0 && !output.Contains("WARNING", StringComparison.Ordinal), output);
    }

    private static ChainNodes Of(string chain) => chain == "bitcoin" ? Bitcoin : Ethereum;
}
