using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace HaCluster.Sentinel.Tests.Peers;

/// <summary>A real node on loopback, as a process that can be stopped, frozen and killed.</summary>
internal sealed class ChainProcess : IDisposable
{
    private static readonly string Packages = Path.Combine(Folder(), "Node", "node_modules");
    private static readonly HttpClient Http = new();

    private readonly RunningProgram _process;
    private readonly string? _password;

    private ChainProcess(RunningProgram process, int port, string? password = null)
    {
        Port = port;
        _password = password;
        _process = process;
    }

    public int Port { get; }

    public Uri Url => new($"http://127.0.0.1:{Port}");

    /// <summary>Null where npm has not brought it.</summary>
    public static string? Anvil { get; } = Existing("@foundry-rs", "anvil-linux-amd64", "bin", "anvil") ?? Existing("@foundry-rs", "anvil-darwin-arm64", "bin", "anvil");

    public static string? Bcoin { get; } = Existing("bcoin", "bin", "node");

    /// <summary>A development node of Ethereum that makes a block when it is told to.</summary>
    public static async Task<ChainProcess> AnvilAsync(int port = 0, int chainId = 31337)
    {
        port = port == 0 ? Waiting.FreePort() : port;
        var node = new ChainProcess(
            RunningProgram.Start(Anvil!, ["--host", "127.0.0.1", "--port", $"{port}", "--chain-id", $"{chainId}", "--no-mining", "--silent"]), port);
        await node.AnsweringAsync("eth_chainId");
        return node;
    }

    /// <summary>bcoin on a regtest network of its own, in memory.</summary>
    public static async Task<ChainProcess> BcoinAsync(string password)
    {
        var (rpc, peers) = (Waiting.FreePort(), Waiting.FreePort());
        string[] arguments =
        [
            Bcoin!, "--network=regtest", "--memory=true", "--host=127.0.0.1", $"--port={peers}", "--listen=false", "--http-host=127.0.0.1", $"--http-port={rpc}",
            $"--api-key={password}", "--workers=false", "--no-wallet", "--log-level=error", $"--prefix={Directory.CreateTempSubdirectory("bcoin").FullName}",
        ];
        var environment = new Dictionary<string, string?> { ["BCOIN_NETWORK"] = "regtest", ["NODE_BACKEND"] = "js" };
        var node = new ChainProcess(RunningProgram.Start("node", arguments, environment: environment), rpc, password);
        await node.AnsweringAsync("getblockcount");
        return node;
    }

    public async Task<JsonElement> CallAsync(string method, params object[] parameters)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Url);
        request.Content = new StringContent(JsonSerializer.Serialize(new { jsonrpc = "2.0", id = 1, method, @params = parameters }), Encoding.UTF8, "application/json");
        if (_password is not null)
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"x:{_password}")));
        using var response = await Http.SendAsync(request);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("result");
    }

    /// <summary>Ethereum: blocks of this moment.</summary>
    public Task MineAsync(int blocks = 1) => CallAsync("anvil_mine", blocks);

    public Task FreezeAsync() => _process.SignalAsync("STOP");

    public Task ThawAsync() => _process.SignalAsync("CONT");

    /// <summary>Ends it at once, as a loss of power does.</summary>
    public void Dispose() => _process.Dispose();

    private Task AnsweringAsync(string method) => Waiting.UntilAsync(
        $"the node answers {method}",
        async () =>
        {
            if (_process.HasEnded)
                throw new InvalidOperationException($"the node ended: {_process.Text}");
            try
            {
                await CallAsync(method);
                return true;
            }
            catch (Exception notYet) when (notYet is JsonException or KeyNotFoundException)
            {
                return false;
            }
        },
        () => _process.Text);

    private static string? Existing(params string[] path) => Path.Combine([Packages, .. path]) is var file && File.Exists(file) ? file : null;

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
