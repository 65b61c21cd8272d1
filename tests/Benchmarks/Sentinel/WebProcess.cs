using System.Diagnostics;
using System.Globalization;

namespace HaCluster.Benchmarks.Sentinel;

/// <summary>A web service in a process of its own, seen from outside.</summary>
internal sealed class WebProcess : IDisposable
{
    // Of every Linux: sysconf(_SC_CLK_TCK).
    private const double TicksPerSecond = 100;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private static readonly HttpClient Http = new();

    private readonly RunningProgram _process;

    private WebProcess(RunningProgram process) => _process = process;

    /// <summary>From the start of the process to its first answer.</summary>
    public TimeSpan FirstAnswer { get; private init; }

    /// <summary>Of user and kernel, until now.</summary>
    public double CpuSeconds => Stat().Skip(11).Take(2).Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)) / TicksPerSecond;

    /// <summary>The most that was resident at any time.</summary>
    public double Megabytes => long.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal),
        CultureInfo.InvariantCulture) * 1024 / 1e6;

    public static async Task<WebProcess> StartAsync(string program, IEnumerable<string> arguments, Uri url)
    {
        var clock = Stopwatch.StartNew();
        var process = RunningProgram.Start(program, arguments);
        while (clock.Elapsed < Limit)
        {
            if (process.HasEnded)
                throw new InvalidOperationException($"{program} ended: {process.Text}");
            try
            {
                using var answer = await Http.GetAsync(url);
                if (answer.IsSuccessStatusCode)
                    return new WebProcess(process) { FirstAnswer = clock.Elapsed };
            }
            catch (HttpRequestException)
            {
                await Task.Delay(1);
            }
        }

        await process.DisposeAsync();
        throw new TimeoutException($"{program} does not answer at {url}");
    }

    public void Dispose() => _process.Dispose();

    /// <summary>The fields behind the name, which is in parentheses and may hold anything.</summary>
    private string[] Stat()
    {
        var stat = File.ReadAllText($"/proc/{_process.Id}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }
}
