using System.Globalization;
using System.Net;
using System.Text.Json;

namespace HaCluster.Sentinel.Tests.Peers;

/// <summary>The program as a process of its own, with arguments as the stack gives them.</summary>
internal sealed class SentinelProcess : IAsyncDisposable
{
    private static readonly HttpClient Http = new();

    private SentinelProcess(RunningProgram program, int port) => (Program, Url) = (program, new Uri($"http://127.0.0.1:{port}"));

    public RunningProgram Program { get; }

    public Uri Url { get; }

    /// <summary>Most memory that it has had, in bytes; null where the system does not say.</summary>
    public long? PeakMemory => File.Exists($"/proc/{Program.Id}/status")
        ? File.ReadLines($"/proc/{Program.Id}/status").Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
            .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024).First()
        : null;

    public static Task<Ended> RunAsync(params string[] arguments) => Programs.RunAsync("dotnet", [Dll, .. arguments]);

    public static async Task<SentinelProcess> StartAsync(params string[] arguments)
    {
        var port = Waiting.FreePort();
        var sentinel = new SentinelProcess(RunningProgram.Start("dotnet", [Dll, $"--listen=127.0.0.1:{port}", .. arguments]), port);
        await Waiting.UntilAsync("the sentinel answers", async () => (await sentinel.MetricsAsync()).Length > 0, () => sentinel.Program.Text);
        return sentinel;
    }

    public async Task<(HttpStatusCode Status, string? Reason)> GetAsync(string path)
    {
        using var response = await Http.GetAsync(new Uri(Url, path));
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return (response.StatusCode, body.RootElement.GetProperty("reason").GetString());
    }

    public Task<string> MetricsAsync() => Http.GetStringAsync(new Uri(Url, "/metrics"));

    public ValueTask DisposeAsync() => Program.DisposeAsync();

    private static string Dll => Path.Combine(AppContext.BaseDirectory, "sentinel.dll");
}
