using System.Net;
using System.Text.Json;

namespace HaCluster.Workloads.Tests.Chains;

/// <summary>The real sentinel as a program of its own, as the container runs it.</summary>
internal sealed class SentinelProcess : IAsyncDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "sentinel.dll");
    private static readonly HttpClient Http = new();

    private readonly RunningProgram _process;

    private SentinelProcess(RunningProgram process, IPEndPoint listen) => (_process, Address) = (process, $"{listen}");

    /// <summary>Host and port.</summary>
    public string Address { get; }

    /// <summary>Runs it to its end: for what it prints, and for what it refuses.</summary>
    public static Task<Ended> RunAsync(params IEnumerable<string> arguments) => Programs.RunAsync("dotnet", [Program, .. arguments]);

    /// <summary>Starts it, and waits until it serves its metrics.</summary>
    /// <param name="arguments">All but <c>--listen</c>.</param>
    public static async Task<SentinelProcess> StartAsync(IPEndPoint listen, string pod, IEnumerable<string> arguments)
    {
        var process = RunningProgram.Start("dotnet", [Program, $"--listen={listen}", .. arguments], environment: new Dictionary<string, string?> { ["POD_NAME"] = pod });
        var sentinel = new SentinelProcess(process, listen);
        try
        {
            await Waiting.UntilAsync(
                "the sentinel serves its metrics",
                async () =>
                {
                    Assert.False(process.HasEnded, process.Text);
                    return (await sentinel.GetAsync("/metrics")).Status == HttpStatusCode.OK;
                },
                () => process.Text);
            return sentinel;
        }
        catch
        {
            await sentinel.DisposeAsync();
            throw;
        }
    }

    public async Task<(HttpStatusCode Status, string Body)> GetAsync(string path)
    {
        using var response = await Http.GetAsync(new Uri($"http://{Address}{path}"));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>The document of <c>/ready</c>.</summary>
    public async Task<JsonElement> StatusAsync() => JsonDocument.Parse((await GetAsync("/ready")).Body).RootElement;

    /// <summary>Tells it to stop, as the kubelet does.</summary>
    public async Task<Ended> StopAsync()
    {
        await _process.SignalAsync("TERM");
        return await _process.EndAsync();
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
