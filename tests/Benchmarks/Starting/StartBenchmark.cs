using System.Diagnostics;
using System.Globalization;
using System.Text;
using HaCluster.Conformance.Emit;

namespace HaCluster.Benchmarks.Starting;

/// <summary>
/// What somebody waits for who types a command: the built tool, and <c>dotnet run</c> once everything is built, beside a console program that does nothing.
/// Rounds alternate, so that a busy moment hits all of them.
/// </summary>
internal sealed record StartBenchmark(IReadOnlyList<Started> Started)
{
    /// <summary>The argument with which this program itself does nothing.</summary>
    public const string Nothing = "nothing";

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static string Tool => Path.Combine(Checkout.Root, "infra", "Cli", "bin", Configuration, new DirectoryInfo(AppContext.BaseDirectory).Name, "ha.dll");

    public static StartBenchmark Hold(int rounds)
    {
        Started[] all =
        [
            new("nothing", [typeof(StartBenchmark).Assembly.Location, Nothing]),
            new("ha version", [Tool, "version"]),
            new("ha validate", [Tool, "validate"]),
            new("ha plan", [Tool, "plan"]),
            new("ha (plan and proof)", [Tool]),
            new("dotnet run -- plan", ["run", "-c", Configuration, "--project", Path.Combine(Checkout.Root, "infra", "Cli"), "--", "plan"]),
        ];
        // Not counted: files are read into memory, and dotnet run may have something to restore.
        foreach (var one in all)
            one.Run(isCounted: false);
        for (var round = 0; round < rounds; round++)
        {
            foreach (var one in all)
                one.Run(isCounted: true);
        }

        return new StartBenchmark(all);
    }

    public string ToTable()
    {
        var text = new StringBuilder();
        text.AppendLine("                            median s   x nothing   peak MB");
        foreach (var one in Started)
        {
            text.AppendLine(string.Create(
                CultureInfo.InvariantCulture, $"  {one.Name,-24}{one.Seconds,10:0.00}{one.Seconds / Started[0].Seconds,12:0.0}{one.Megabytes,10:0}"));
        }

        Target[] targets =
        [
            new("the built tool, plan and proof of prod in s", Started[4].Seconds, 2),
            new("the built tool, plan and proof of prod, peak MB", Started[4].Megabytes, 110),
            new("dotnet run once everything is built in s", Started[5].Seconds, 6),
        ];
        foreach (var target in targets)
            text.AppendLine(CultureInfo.InvariantCulture, $"{(target.IsMet ? "met   " : "MISSED")}  {target.What}: {target.Value:0.00}, target {target.Limit:0}");
        return text.ToString();
    }
}

/// <summary>A command that is started again and again.</summary>
/// <param name="Arguments">Of <c>dotnet</c>.</param>
internal sealed record Started(string Name, IReadOnlyList<string> Arguments)
{
    private readonly List<(double Seconds, double Megabytes)> _runs = [];

    public double Seconds => Median(run => run.Seconds);

    /// <summary>Of the process itself; <c>ha</c> runs the stack's program in another.</summary>
    public double Megabytes => Median(run => run.Megabytes);

    public void Run(bool isCounted)
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = Checkout.Root, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in Arguments)
            start.ArgumentList.Add(argument);
        using var memory = new PeakMemory();
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var seconds = clock.Elapsed.TotalSeconds;
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{Name} ended with {process.ExitCode}: {error.GetAwaiter().GetResult()}");
        if (isCounted)
            _runs.Add((seconds, memory.Bytes / 1e6));
    }

    private double Median(Func<(double Seconds, double Megabytes), double> of) => _runs.Select(of).Order().ElementAt(_runs.Count / 2);
}
