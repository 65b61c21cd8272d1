using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace HaCluster.Sentinel.Tests.Peers;

/// <summary>A real node on loopback, as a process that can be stopped, frozen and killed.</summary>
internal sealed class ChainProcess : IDisposable
{
    private static readonly string Packages = Path.Combine(Folder(), "Node", "node_modules");
    private static readonly HttpClient Http = new();

    private readonly Process _process;
    private readonly string? _password;

    private ChainProcess(ProcessStartInfo start, int port, string? password = null)
    {
        Port = port;
        _password = password;
        _process = Process.Start(start)!;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Port { get; }

    public Uri Url => new($"http://127.0.0.1:{Port}");

    /// <summary>Null where npm has not brought it.</summary>
    public static string? Anvil { get; } = Existing("@foundry-rs", "anvil-linux-amd64", "bin", "anvil") ?? Existing("@foundry-rs", "anvil-darwin-arm64", "bin", "anvil");

    public static string? Bcoin { get; } = Existing("bcoin", "bin", "node");

    /// <summary>A development node of Ethereum that makes a block when it is told to.</summary>
    public static async Task<ChainProcess> AnvilAsync(int port = 0, int chainId = 31337)
    {
        port = port == 0 ? FreePort() : port;
        var node = new ChainProcess(Start(Anvil!, "--host", "127.0.0.1", "--port", Text(port), "--chain-id", Text(chainId), "--no-mining", "--silent"), port);
        await node.AnsweringAsync("eth_chainId");
        return node;
    }

    /// <summary>bcoin on a regtest network of its own, in memory.</summary>
    public static async Task<ChainProcess> BcoinAsync(string password)
    {
        var (rpc, peers) = (FreePort(), FreePort());
        var start = Start(
            "node", Bcoin!, "--network=regtest", "--memory=true", "--host=127.0.0.1", $"--port={peers}", "--listen=false", "--http-host=127.0.0.1", $"--http-port={rpc}",
            $"--api-key={password}", "--workers=false", "--no-wallet", "--log-level=error", $"--prefix={Directory.CreateTempSubdirectory("bcoin").FullName}");
        start.Environment["BCOIN_NETWORK"] = "regtest";
        start.Environment["NODE_BACKEND"] = "js";
        var node = new ChainProcess(start, rpc, password);
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

    public void Freeze() => Signal("STOP");

    public void Thaw() => Signal("CONT");

    public void Kill()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private async Task AnsweringAsync(string method)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await CallAsync(method);
                return;
            }
            catch (Exception exception) when (exception is HttpRequestException or JsonException && attempt < 600 && !_process.HasExited)
            {
                await Task.Delay(100);
            }
        }
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", Text(_process.Id)]);
        kill.WaitForExit();
    }

    private static ProcessStartInfo Start(string program, params string[] arguments) =>
        new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string? Existing(params string[] path) => Path.Combine([Packages, .. path]) is var file && File.Exists(file) ? file : null;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
