using System.Globalization;
using System.Reflection;
using HaCluster.Benchmarks;
using HaCluster.Benchmarks.Importing;
using HaCluster.Benchmarks.Ledger;
using HaCluster.Benchmarks.Payments;
using HaCluster.Benchmarks.Proving;
using HaCluster.Benchmarks.Scheduling;
using HaCluster.Benchmarks.Sentinel;
using HaCluster.Benchmarks.Starting;
using HaCluster.Benchmarks.Switching;
using HaCluster.Benchmarks.Viewing;
using HaCluster.Conformance.Emit;

if (args is [StartBenchmark.Nothing])
    return 0;
if (args is [ViewServer.Argument])
    return ViewServer.Run();

const string usage = """
    Measures the C# program (bundled SDK) against the same program on the official Node SDK, both on the embedded engine.

      dotnet run -c Release --project tests/Benchmarks [-- [--rounds N] [--json] [--synthetic-node]]
      dotnet run -c Release --project tests/Benchmarks -- scheduler [--json]
      dotnet run -c Release --project tests/Benchmarks -- proof
      dotnet run -c Release --project tests/Benchmarks -- start [--rounds N]
      dotnet run -c Release --project tests/Benchmarks -- module [--rounds N]
      dotnet run -c Release --project tests/Benchmarks -- view
      dotnet run -c Release --project tests/Benchmarks -- switch [--rounds N]
      dotnet run -c Release --project tests/Benchmarks -- sentinel [--rounds N]
      dotnet run -c Release --project tests/Benchmarks -- ledger
      dotnet run -c Release --project tests/Benchmarks -- payments
      dotnet run -c Release --project tests/Benchmarks -- ledger-index

    --synthetic-node lets the official SDK declare the 5,000 resources of the synthetic program, too, which takes minutes.

    scheduler measures how long large clusters take to fill instead, proof how long a large one takes to prove, view how long Get-HaCluster looks at a large cluster that a second process serves; they need nothing else. start measures how long commands take
    beside a program that does nothing and the official Node SDK, and how long a fresh clone; it publishes ha, and needs what the comparison needs. module measures the import of
    the PowerShell module beside a bare pwsh, and needs `dotnet tool restore`; switch how long Switch-HaZone takes to move the traffic of a local twin, beside a
    script, and needs kubectl and the AWS CLI, too. sentinel publishes the sentinel and measures it beside an empty service. ledger sends a million records and
    verifies them; ledger-index makes their index from the archive and searches it.
    payments sends transfers, makes addresses and notices deposits on both databases, and needs PostgreSQL's initdb and pgbench, and `npm ci` in tests/Sentinel.Tests/Peers/Node.

    The comparison needs Node.js and `npm ci` in infra/Sdk/Typings.
    """;

var benchmark = args is [var first, ..] && !first.StartsWith('-') ? first : "";
var json = args.Contains("--json");
var syntheticNode = args.Contains("--synthetic-node");
var rounds = 5;
var others = args.Skip(benchmark.Length > 0 ? 1 : 0).Where(arg => arg is not ("--json" or "--synthetic-node")).ToArray();
var isUnderstood = others is [] || (others is ["--rounds", var number] && int.TryParse(number, CultureInfo.InvariantCulture, out rounds) && rounds > 0);
if (!isUnderstood || benchmark is not ("" or "scheduler" or "proof" or "start" or "module" or "view" or "switch" or "sentinel" or "ledger" or "ledger-index" or "payments"))
{
    Console.Error.WriteLine(usage);
    return 2;
}
if (MissingFor(benchmark) is { } missing)
{
    Console.Error.WriteLine($"The benchmark needs: {missing}");
    return 2;
}
if (Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration != "Release")
{
    Console.Error.WriteLine("A Debug build measures the wrong thing: dotnet run -c Release --project tests/Benchmarks");
    return 2;
}

Console.WriteLine(benchmark switch
{
    "scheduler" => SchedulerBenchmark.Hold() is var filled && json ? filled.ToJson() : filled.ToTable(),
    "proof" => ProofBenchmark.Hold().ToTable(),
    "start" => (await StartBenchmark.HoldAsync(rounds)).ToTable(),
    "module" => (await ModuleBenchmark.HoldAsync(rounds)).ToTable(),
    "view" => (await ViewBenchmark.HoldAsync()).ToTable(),
    "switch" => (await SwitchBenchmark.HoldAsync(rounds)).ToTable(),
    "sentinel" => (await SentinelBenchmark.HoldAsync(rounds)).ToTable(),
    "ledger" => (await LedgerBenchmark.HoldAsync()).ToTable(),
    "payments" => await PaymentsAsync(),
    "ledger-index" => (await IndexBenchmark.HoldAsync()).ToTable(),
    _ => await CompareAsync(),
});
return 0;

static async Task<string> PaymentsAsync()
{
    // The second half takes minutes, and may fail.
    Console.WriteLine((await AcceptingBenchmark.HoldAsync()).ToTable());
    return (await WatchingBenchmark.HoldAsync()).ToTable();
}

static string? MissingFor(string benchmark) => benchmark switch
{
    "" or "start" => NodePackages.Missing,
    "module" => PowerShell.Missing,
    "switch" => SwitchBenchmark.Missing,
    "sentinel" => SentinelBenchmark.Missing,
    "ledger" or "ledger-index" => LedgerBenchmark.Missing,
    "payments" => AcceptingBenchmark.Missing,
    _ => null,
};

async Task<string> CompareAsync()
{
    using var contestants = await Contestants.PrepareAsync();
    Contest[] contests =
    [
        await Contest.HoldAsync("prod stack", contestants.Stack, contestants.EmittedStack, rounds),
        syntheticNode
            ? await Contest.HoldAsync("synthetic", contestants.Many, contestants.ManyInNode, rounds)
            : await Contest.AloneAsync("synthetic", contestants.Many, rounds),
    ];
    var targets = Target.Of(contests[0], contests[1]);
    return json ? Report.Json(contests, targets) : Report.Table(contests, targets);
}
