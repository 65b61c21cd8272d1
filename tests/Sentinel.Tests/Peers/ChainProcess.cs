using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace HaCluster.Sentinel.Tests.Peers;

/// <summary>A real node on loopback, as a process that can be stopped, frozen, killed and started again.</summary>
internal sealed partial class ChainProcess : IDisposable
{
    private static readonly HttpClient Http = new();

    private readonly Func<RunningProgram> _start;
    private readonly string _method;
    private readonly string? _password;
    private RunningProgram _process;

    /// <param name="method">A call that it answers as soon as it is open.</param>
    private ChainProcess(Func<RunningProgram> start, string address, int port, string method, string? password = null)
    {
        (_start, Port, _method, _password) = (start, port, method, password);
        Url = new Uri($"http://{address}:{port}");
        _process = start();
    }

    public int Port { get; }

    public Uri Url { get; }

    private static string Packages => Path.Combine(Folder(), "Node", "node_modules");

    public async Task<JsonElement> CallAsync(string method, params object[] parameters)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Url);
        request.Content = new StringContent(JsonSerializer.Serialize(new { jsonrpc = "2.0", id = 1, method, @params = parameters }), Encoding.UTF8, "application/json");
        if (_password is not null)
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"x:{_password}")));
        using var response = await Http.SendAsync(request);
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var error = document.RootElement.TryGetProperty("error", out var given) && given.ValueKind != JsonValueKind.Null ? given.ToString() : null;
        return error is null ? document.RootElement.GetProperty("result").Clone() : throw new InvalidOperationException($"{method}: {error}");
    }

    public Task FreezeAsync() => _process.SignalAsync("STOP");

    public Task ThawAsync() => _process.SignalAsync("CONT");

    /// <summary>Ends it at once, as <c>kill -9</c> or a loss of power does.</summary>
    public async Task KillAsync() => await _process.DisposeAsync();

    /// <summary>Lets it end in order, and write what it keeps.</summary>
    public async Task StopAsync()
    {
        await _process.SignalAsync("TERM");
        await _process.EndAsync();
    }

    /// <summary>Starts it with the same arguments, and so with the data that it has on disk.</summary>
    public async Task StartAgainAsync()
    {
        await KillAsync();
        _process = _start();
        await AnsweringAsync();
    }

    public void Dispose() => _process.Dispose();

    private async Task<ChainProcess> AnsweringAsync()
    {
        await Waiting.UntilAsync(
            $"the node answers {_method}",
            async () =>
            {
                if (_process.HasEnded)
                    throw new InvalidOperationException($"the node ended: {_process.Text}");
                try
                {
                    await CallAsync(_method);
                    return true;
                }
                catch (Exception notYet) when (notYet is JsonException or InvalidOperationException or KeyNotFoundException && !_process.HasEnded)
                {
                    return false;
                }
            },
            () => _process.Text);
        return this;
    }

    private static string? Existing(params string[] path) => Path.Combine([Packages, .. path]) is var file && File.Exists(file) ? file : null;

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
