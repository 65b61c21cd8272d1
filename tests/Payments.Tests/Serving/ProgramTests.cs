using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using HaCluster.Payments.Access;
using HaCluster.Payments.Arguments;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Tests.Serving;

/// <summary>The program as a person runs it.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [SkippableFact]
    public async Task The_tour_of_the_page_pays_somebody_with_a_signer_in_a_process_of_its_own()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no SIGTERM");
        using var chain = await EthereumWorld.StartChainAsync();
        await File.WriteAllTextAsync(_scratch.At("passphrase"), "a passphrase of your own\n");
        var made = await RunAsync("new-key", "hot.key", "--chain", "ethereum", "--passphrase-file", "passphrase");
        Assert.True(made.Succeeded, made.Text);
        var sender = made.Output.Trim();
        await chain.CallAsync("anvil_setBalance", sender, "0xde0b6b3a7640000");
        var forwarders = await RunAsync("forwarders");
        Assert.Equal([$"contract   {ForwarderContract.Address}", ForwarderContract.DeploymentData], [forwarders.Output.Split('\n')[0], forwarders.Output.TrimEnd().Split('\n')[^1]]);
        await chain.MineAsync(4);
        const string policy = """{"assets": {"ethereum": {"perTransfer": "1000000", "perDay": "5000000", "approveAbove": "1000000", "maxFee": "10000000000000000"}}}""";
        await File.WriteAllTextAsync(_scratch.At("keys.json"), $$"""{"keys": [{"name": "hot", "chain": "ethereum", "file": "hot.key", "destinations": ["{{TestService.Destination}}"], "policy": {{policy}}}]}""");
        var socket = _scratch.At("signer.sock");
        await using var signer = RunningProgram.Start("dotnet", [typeof(CommandLine).Assembly.Location, "signer", "--keys", "keys.json", "--passphrase-file", "passphrase", "--socket", socket], _scratch.Path);
        await Waiting.UntilAsync("the signer listens", () => signer.HasEnded || File.Exists(socket), () => signer.Text);

        var listen = $"127.0.0.1:{Waiting.FreePort()}";
        await using var service = RunningProgram.Start("dotnet", [typeof(CommandLine).Assembly.Location, "--listen", listen, "--ethereum", $"{chain.Url}", "--signer", socket], _scratch.Path);
        using var http = new HttpClient { BaseAddress = new Uri($"http://{listen}"), Timeout = Waiting.Limit };
        await Waiting.UntilAsync("the service is ready", async () => service.HasEnded || (await http.GetAsync(new Uri("/ready", UriKind.Relative))).IsSuccessStatusCode, () => service.Text);
        var wallet = (await SendAsync(http, HttpMethod.Post, "/v1/wallets", $$"""{"name":"hot","chain":"ethereum","signingKey":"hot","sender":"{{sender}}"}""")).GetProperty("id").GetString();
        await SendAsync(http, HttpMethod.Post, $"/v1/wallets/{wallet}/destinations", $$"""{"address":"{{TestService.Destination}}"}""");
        await SendAsync(http, HttpMethod.Put, $"/v1/wallets/{wallet}/policy", policy);
        await Waiting.UntilAsync("the opening balance is booked", async () => (await SendAsync(http, HttpMethod.Get, $"/v1/wallets/{wallet}")).GetProperty("balances").TryGetProperty("ethereum", out _), () => service.Text);
        var transfer = (await SendAsync(http, HttpMethod.Post, "/v1/transfers", TestService.Transfer(wallet!, "1000"), "order-1")).GetProperty("id").GetString();
        await Waiting.UntilAsync(
            "the transfer is final",
            async () =>
            {
                await chain.MineAsync();
                return (await SendAsync(http, HttpMethod.Get, $"/v1/transfers/{transfer}")).GetProperty("state").GetString() == "final";
            },
            () => service.Text);
        Assert.True((await SendAsync(http, HttpMethod.Get, "/v1/audit")).GetProperty("balanced").GetBoolean());
        Assert.Contains("payments_transfer_states_total{", await http.GetStringAsync(new Uri("/metrics", UriKind.Relative)), StringComparison.Ordinal);

        foreach (var program in new[] { service, signer })
        {
            await program.SignalAsync("TERM");
            Assert.Equal(CommandLine.Done, (await program.EndAsync()).ExitCode);
        }

        Assert.Contains("anyone on this computer, for everything, without a key", service.Text, StringComparison.Ordinal);
        Assert.Contains("their coins are worth nothing", service.Text, StringComparison.Ordinal);
        Assert.Contains("webhook secrets are sealed with the key in ", service.Text, StringComparison.Ordinal);
        // Secrets are in no log.
        Assert.DoesNotContain("a passphrase of your own", service.Text + signer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_another_address_it_does_not_start_without_a_key_and_a_key_is_shown_once()
    {
        string[] open = ["--listen", "0.0.0.0:0", "--plain-http"];
        var refused = await RunAsync(open);
        Assert.Equal((CommandLine.Unusable, true), (refused.ExitCode, refused.Error.Contains("there is no key: anyone could move money", StringComparison.Ordinal)));
        var made = await RunAsync("key", "add", "shop", "transfer", "view");
        Assert.True(made.Succeeded, made.Text);
        var key = made.Output.Trim().Split(' ')[^1];
        var list = await RunAsync("key", "list");
        Assert.Contains("shop  view transfer", list.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(key, list.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(key, Encoding.Latin1.GetString(await File.ReadAllBytesAsync(_scratch.At("payments-data/payments.db"))), StringComparison.Ordinal);
        Assert.Equal(CommandLine.Unusable, (await RunAsync("key", "add", "shop", "view")).ExitCode);
        Assert.True((await RunAsync("key", "revoke", "shop")).Succeeded);
        Assert.Contains("revoked 20", (await RunAsync("key", "list")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_something_else_made_is_added_once_however_often_it_is_said()
    {
        var key = $"hap_{new string('a', 48)}";
        await File.WriteAllTextAsync(_scratch.At("key"), key);
        string[] add = ["key", "add", "operator", "view", "admin", "--key-file", "key"];
        foreach (var _ in new[] { 1, 2 })
            Assert.Equal((CommandLine.Done, ""), ((await RunAsync(add)).ExitCode, (await RunAsync(add)).Output));
        Assert.Single((await RunAsync("key", "list")).Output.Trim().Split('\n'));

        await using var database = new SqliteDatabase(_scratch.At("payments-data/payments.db"));
        Assert.Equal(("operator", Scopes.View | Scopes.Admin), await database.ReadAsync(async session => await session.AuthenticateAsync($"Bearer {key}") is { } found ? (found.Name, found.Scopes) : ("", Scopes.None)));
        // Revoked by a person, it does not come back with the next start.
        Assert.True((await RunAsync("key", "revoke", "operator")).Succeeded);
        Assert.Equal(CommandLine.Done, (await RunAsync(add)).ExitCode);
        Assert.Null(await database.ReadAsync(session => session.AuthenticateAsync($"Bearer {key}")));

        await File.WriteAllTextAsync(_scratch.At("key"), "guessable");
        var refused = await RunAsync("key", "add", "other", "view", "--key-file", "key");
        Assert.Equal((CommandLine.Unusable, true), (refused.ExitCode, refused.Error.Contains("--key-file: key: write a random key of 40 or more", StringComparison.Ordinal)));
        Assert.DoesNotContain("guessable", refused.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--signer is https://signer:8443, which needs --signer-ca, --certificate and --certificate-key", "--signer", "https://signer:8443")]
    [InlineData("--listen needs --certificate, --certificate-key, --client-ca and --client-name", "signer", "--keys", "k", "--listen", "0.0.0.0:8443")]
    [InlineData("--client-ca: /nowhere/ca cannot be used", "signer", "--keys", "k", "--client-ca", "/nowhere/ca")]
    [InlineData("and --certificate is missing: keys would be sent without TLS", "--listen", "0.0.0.0:0")]
    [InlineData("--listen is 'here'; write an address and a port", "--listen", "here")]
    [InlineData("--network is 'moon'; choose regtest, testnet or main", "--network", "moon")]
    [InlineData("--ethereum is not a URL", "--ethereum", "here")]
    [InlineData("--bitcoin: /nowhere/url: ", "--bitcoin", "@/nowhere/url")]
    [InlineData("--database: /nowhere/database: ", "--database", "/nowhere/database")]
    [InlineData("--ethereum-chain is 'x'; write a whole number", "--ethereum-chain", "x")]
    [InlineData("--certificate-key is missing; TLS needs both", "--certificate", "c.pem")]
    [InlineData("--ledger is http: its token and the events would be sent without TLS", "--ledger", "http://ledger.example")]
    [InlineData("--ledger-token-file needs --ledger URL", "--ledger-token-file", "token")]
    [InlineData("--ledger-token-file: /nowhere/token: ", "--ledger", "https://ledger.example", "--ledger-token-file", "/nowhere/token")]
    [InlineData("--seal-key: Could not find", "--seal-key", "/nowhere/seal")]
    [InlineData("--webhook-networks is '10.0.0.0/33'; write networks such as", "--webhook-networks", "10.0.0.0/33")]
    [InlineData("--rate-limit is 0; write 1 to 100000", "--rate-limit", "0")]
    [InlineData("--rate-limit is 'x'; write a whole number", "--rate-limit", "x")]
    [InlineData("'--what' is not an argument of payments", "--what")]
    [InlineData("--keys is missing; write --keys FILE", "signer")]
    [InlineData("--chain is missing; write --chain CHAIN", "new-key", "hot.key")]
    [InlineData("SCOPE is missing: what the key may do", "key", "add", "shop")]
    [InlineData("'fly' is not a scope; choose from view", "key", "add", "shop", "view", "fly")]
    [InlineData("key needs a command: add, revoke, list", "key")]
    [InlineData("--signer is empty; write --signer SOCKET", "--signer", "")]
    [InlineData("--database is empty; write --database FILE", "key", "list", "--database", "")]
    [InlineData("FILE is empty", "new-key", "", "--chain", "ethereum")]
    [InlineData("--signer is neither a Unix socket nor https://HOST:PORT", "--signer", "http://signer:8443")]
    [InlineData("--passphrase-file: /nowhere/passphrase: ", "new-key", "hot.key", "--chain", "ethereum", "--passphrase-file", "/nowhere/passphrase")]
    [InlineData("--keys: /nowhere/keys: ", "signer", "--keys", "/nowhere/keys")]
    public async Task Wrong_arguments_are_refused_with_what_to_do(string message, params string[] arguments)
    {
        using var error = new StringWriter();
        Assert.Equal(CommandLine.Unusable, await CommandLine.RunAsync([.. arguments, .. arguments[0] == "--what" ? Array.Empty<string>() : ["--data", _scratch.Path]], error, error));
        Assert.Contains(message, error.ToString(), StringComparison.Ordinal);
        Assert.All(error.ToString().TrimEnd().Split('\n'), line => Assert.StartsWith("payments: ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_address_that_is_taken_is_named_with_its_option()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        using var error = new StringWriter();
        Assert.Equal(CommandLine.Unusable, await CommandLine.RunAsync(["--listen", $"{other.LocalEndpoint}", "--data", _scratch.Path], error, error));
        Assert.Equal($"payments: --listen: {other.LocalEndpoint}: another program listens there already; end it, or choose another address\n", error.ToString());
    }

    [Fact]
    public async Task A_list_without_keys_says_where_it_looked()
    {
        var list = await RunAsync("key", "list");
        Assert.Equal((CommandLine.Done, "", true), (list.ExitCode, list.Output, list.Error.Contains($"there are no keys in SQLite in {_scratch.At("payments-data")}", StringComparison.Ordinal)));
        Assert.Contains($"the key shop is in SQLite in {_scratch.At("payments-data")}", (await RunAsync("key", "add", "shop", "view")).Error, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> SendAsync(HttpClient http, HttpMethod method, string path, string? body = null, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private Task<Ended> RunAsync(params string[] arguments) => Programs.RunAsync("dotnet", [typeof(CommandLine).Assembly.Location, .. arguments], _scratch.Path);
}
