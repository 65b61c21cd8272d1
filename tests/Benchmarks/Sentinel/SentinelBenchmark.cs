using System.Diagnostics;
using System.Globalization;
using System.Text;
using HaCluster.Conformance.Emit;

namespace HaCluster.Benchmarks.Sentinel;

/// <summary>
/// What the sentinel costs beside a chain node: the published program, native, beside the smallest service of ASP.NET Core, compiled as it runs. It polls a node
/// and is probed at the rates of its contract (infra/Stack/Chains/SENTINEL.md): by kubelet, two fronts and Prometheus.
/// </summary>
internal sealed record SentinelBenchmark(double FileMegabytes, IReadOnlyList<ServiceStart> Native, IReadOnlyList<ServiceStart> Peer, double CpuShare, double Megabytes, double CallsPerSecond)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(120);

    /// <summary>Null when it can be held.</summary>
    public static string? Missing => OperatingSystem.IsLinux() ? null : "Linux, since it reads /proc";

    public static async Task<SentinelBenchmark> HoldAsync(int rounds)
    {
        var directory = Directory.CreateTempSubdirectory("ha-sentinel-");
        try
        {
            await PublishAsync(directory.FullName);
            var program = Path.Combine(directory.FullName, "sentinel");
            var (rpc, url) = (FreeAddress(), FreeAddress());
            using var node = new RpcServer(rpc.ToString());
            string[] arguments = [$"--listen={url.Authority}", "--chain=ethereum", "--network=mainnet", "--client=geth", $"--rpc={rpc}", $"--node={FreeAddress()}", $"--node={FreeAddress()}"];
            var (native, peer) = (new List<ServiceStart>(), new List<ServiceStart>());
            for (var round = 0; round <= rounds; round++)
            {
                var pair = (await StartAsync(program, arguments, url), await StartAsync("dotnet", [PeerAssembly, url.ToString()], url));
                // The first one reads the files from the disk.
                if (round == 0)
                    continue;
                native.Add(pair.Item1);
                peer.Add(pair.Item2);
            }

            var (share, megabytes, calls) = await WatchAsync(program, arguments, url, node);
            return new SentinelBenchmark(new FileInfo(program).Length / 1e6, native, peer, share, megabytes, calls);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    public string ToTable()
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
        Line($"                                  sentinel, native    empty service, JIT    ratio");
        Row("start to first answer, ms", start => 1000 * start.Seconds);
        Row("processor time until then, ms", start => 1000 * start.CpuSeconds);
        Row("resident after it, MB", start => start.Megabytes);
        Target[] targets =
        [
            new("file of the program in MB", FileMegabytes, 15),
            new("resident at most, polling and probed, in MB", Megabytes, 30),
            new($"share of one core in % ({CallsPerSecond.ToString("0.0", CultureInfo.InvariantCulture)} calls to the node per second)", 100 * CpuShare, 1),
            new("start to first answer in ms (median)", 1000 * Median(Native, start => start.Seconds), 100),
        ];
        foreach (var target in targets)
            Line($"{(target.IsMet ? "met   " : "MISSED")}  {target.What}: {target.Value:0.00}, target {target.Limit:0}");
        return text.ToString();

        void Row(string what, Func<ServiceStart, double> of) =>
            Line($"  {what,-32}{Median(Native, of),16:0.0}{Median(Peer, of),22:0.0}{Median(Native, of) / Median(Peer, of),9:0.00}");
    }

    private static string PeerAssembly =>
        Path.Combine(Checkout.Root, "tests", "Benchmarks", "SentinelPeer", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "SentinelPeer.dll");

    private static async Task PublishAsync(string directory)
    {
        var project = Path.Combine(Checkout.Root, "infra", "Services", "Sentinel");
        var ended = await Programs.RunAsync("dotnet", ["publish", project, "-c", "Release", "-o", directory, "-v:q", "-nologo"]);
        if (!ended.Succeeded)
            throw new InvalidOperationException($"the sentinel cannot be published: {ended.Text}");
    }

    private static async Task<ServiceStart> StartAsync(string program, IEnumerable<string> arguments, Uri url)
    {
        using var process = await WebProcess.StartAsync(program, arguments, new Uri(url, "metrics"));
        return new ServiceStart(process.FirstAnswer.TotalSeconds, process.CpuSeconds, process.Megabytes);
    }

    private static async Task<(double Share, double Megabytes, double Calls)> WatchAsync(string program, IEnumerable<string> arguments, Uri url, RpcServer node)
    {
        using var process = await WebProcess.StartAsync(program, arguments, new Uri(url, "metrics"));
        using var end = new CancellationTokenSource();
        var probes = new[] { ("ready", 2), ("ready", 2), ("ready", 10), ("live?of=execution", 60), ("live?of=consensus", 60), ("metrics", 15), ("metrics", 30) }
            .Select(probe => ProbeAsync(new Uri(url, probe.Item1), TimeSpan.FromSeconds(probe.Item2), end.Token)).ToArray();
        await Task.Delay(WarmUp);
        var (cpu, calls, clock) = (process.CpuSeconds, node.Calls, Stopwatch.StartNew());
        await Task.Delay(Watched);
        var result = ((process.CpuSeconds - cpu) / clock.Elapsed.TotalSeconds, process.Megabytes, (node.Calls - calls) / clock.Elapsed.TotalSeconds);
        await end.CancelAsync();
        await Task.WhenAll(probes);
        return result;
    }

    /// <summary>On a connection of its own each time, as kubelet and HAProxy ask.</summary>
    private static async Task ProbeAsync(Uri url, TimeSpan interval, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(interval);
        try
        {
            do
            {
                using var http = new HttpClient();
                using var answer = await http.GetAsync(url, cancellationToken);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            // The measurement has ended.
        }
    }

    private static Uri FreeAddress() => new($"http://127.0.0.1:{Waiting.FreePort()}/");

    private static double Median(IReadOnlyList<ServiceStart> runs, Func<ServiceStart, double> of) => runs.Select(of).Order().ElementAt(runs.Count / 2);
}

/// <summary>One start, until the first answer.</summary>
internal sealed record ServiceStart(double Seconds, double CpuSeconds, double Megabytes);
