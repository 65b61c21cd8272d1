using System.Diagnostics;
using System.Globalization;
using System.Text;
using HaCluster.Conformance.Emit;

namespace HaCluster.Benchmarks;

/// <summary>A command that is started again and again.</summary>
internal sealed record Started(string Name, string Program, IReadOnlyList<string> Arguments)
{
    /// <param name="arguments">Of <c>dotnet</c>.</param>
    public static Started Of(string name, params string[] arguments) => new(name, "dotnet", arguments);

    private readonly List<(double Seconds, double ProcessorSeconds, double Megabytes)> _runs = [];

    public double Seconds => Median(run => run.Seconds);

    /// <summary>Of the process and all that it started and waited for.</summary>
    public double ProcessorSeconds => Median(run => run.ProcessorSeconds);

    /// <summary>Of the process itself; <c>ha</c> runs the stack's program in another.</summary>
    public double Megabytes => Median(run => run.Megabytes);

    /// <summary>Round after round, so that a busy moment hits all of them; the first one is not counted.</summary>
    public static async Task RunInTurnsAsync(IReadOnlyList<Started> all, int rounds)
    {
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var one in all)
                await one.RunAsync(isCounted: round > 0);
        }
    }

    /// <param name="first">What the first one is, that the others are multiples of.</param>
    public static string Table(IReadOnlyList<Started> all, string first)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{"",26}  median s{$"x {first}",12}   processor s   peak MB");
        foreach (var one in all)
        {
            text.AppendLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {one.Name,-24}{one.Seconds,10:0.00}{one.Seconds / all[0].Seconds,12:0.0}{one.ProcessorSeconds,14:0.00}{one.Megabytes,10:0}"));
        }

        return text.ToString();
    }

    private async Task RunAsync(bool isCounted)
    {
        var clock = Stopwatch.StartNew();
        await using var program = RunningProgram.Start(Program, Arguments, Checkout.Root, PowerShell.Quiet);
        using var watch = new ProcessWatch(program.Id);
        var ended = await program.EndAsync();
        var seconds = clock.Elapsed.TotalSeconds;
        if (!ended.Succeeded)
            throw new InvalidOperationException($"{Name} ended with {ended.ExitCode}: {ended.Error}");
        if (isCounted)
            _runs.Add((seconds, watch.ProcessorSeconds, watch.Megabytes));
    }

    private double Median(Func<(double Seconds, double ProcessorSeconds, double Megabytes), double> of) => _runs.Select(of).Order().ElementAt(_runs.Count / 2);
}
