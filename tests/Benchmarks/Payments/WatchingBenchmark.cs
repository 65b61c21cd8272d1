using System.Globalization;
using System.Text;
using HaCluster.Conformance.Emit;

namespace HaCluster.Benchmarks.Payments;

/// <summary>
/// Deposits noticed by the watchers of payments on both databases: 1,000 in a block among 100,000 addresses, on a real node of each chain, and 10,000 blocks of Bitcoin beside the wallet of the node, which is in the node's
/// own process. The program of the tests measures it.
/// </summary>
internal sealed record WatchingBenchmark(IReadOnlyList<WatchingRun> Runs)
{
    private const int Blocks = 10_000;

    /// <summary>Between two rounds of a watcher: so much later than a block its round may begin.</summary>
    private const double Pause = 1;

    public static async Task<WatchingBenchmark> HoldAsync()
    {
        var directory = Directory.CreateTempSubdirectory("ha-payments-");
        try
        {
            var runs = new List<WatchingRun> { await RunAsync("SQLite", Path.Combine(directory.FullName, "watching.db")) };
            using var postgreSql = await LocalPostgreSql.StartAsync(directory.FullName);
            runs.Add(await RunAsync("PostgreSQL", postgreSql.ConnectionString));
            return new WatchingBenchmark(runs);
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
        Line($"1,000 deposits in a block, 100,000 addresses: slowest of the rounds; {Blocks:n0} Bitcoin blocks");
        Line($"                bitcoin s   ethereum s   {Blocks:n0} blocks s   bcoin's wallet s   ratio");
        foreach (var run in Runs)
            Line($"  {run.Store,-12}{run.Bitcoin.Max(),11:0.00}{run.Ethereum.Max(),13:0.00}{run.Scan,18:0.00}{run.Wallet,19:0.00}{run.Scan / run.Wallet,8:0.0}");
        foreach (var run in Runs)
        {
            foreach (var target in new[]
            {
                new Target($"{run.Store}: a Bitcoin block noticed, seconds", Pause + run.Bitcoin.Max(), 2),
                new Target($"{run.Store}: an Ethereum block noticed, seconds", Pause + run.Ethereum.Max(), 2),
                new Target($"{run.Store}: scan beside bcoin's wallet", run.Scan / run.Wallet, 3),
            })
            {
                Line($"{(target.IsMet ? "met   " : "MISSED")}  {target.What}: {target.Value:0.###}, target {target.Limit:0.###}");
            }
        }

        return text.ToString();
    }

    private static string Assembly => Path.Combine(Checkout.Root, "tests", "Payments.Tests", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "Payments.Tests.dll");

    private static async Task<WatchingRun> RunAsync(string name, string store)
    {
        var ended = await Programs.RunAsync("dotnet", [Assembly, "measure-watching", store, $"{Blocks}"]);
        if (!ended.Succeeded)
            throw new InvalidOperationException($"measure-watching ended with {ended.ExitCode}: {ended.Error}");
        var scan = Of("scan");
        return new WatchingRun(name, Of("deposits bitcoin"), Of("deposits ethereum"), scan[0], scan[1]);

        double[] Of(string what) => [.. ended.Output.Split('\n').Single(line => line.StartsWith($"{what} ", StringComparison.Ordinal))[(what.Length + 1)..].Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
    }
}

/// <param name="Bitcoin">Seconds from the start of a watcher's round until the deposits are stored, of each round.</param>
/// <param name="Scan">Seconds for all blocks.</param>
/// <param name="Wallet">Seconds that the node's wallet took for as many.</param>
internal sealed record WatchingRun(string Store, IReadOnlyList<double> Bitcoin, IReadOnlyList<double> Ethereum, double Scan, double Wallet);
