using System.Diagnostics;
using System.Reflection;
using HaCluster.Benchmarks;
using HaCluster.Benchmarks.Importing;
using HaCluster.Benchmarks.Proving;
using HaCluster.Benchmarks.Scheduling;
using HaCluster.Benchmarks.Starting;
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

    --synthetic-node lets the official SDK declare the 5,000 resources of the synthetic program, too, which takes minutes.

    scheduler measures how long large clusters take to fill instead, proof how long a large one takes to prove, start how long commands take beside a program
    that does nothing, view how long Get-HaCluster looks at a large cluster that a second process serves; they need nothing else. module measures the import of
    the PowerShell module beside a bare pwsh, and needs `dotnet tool restore`.

    The comparison needs Node.js and `npm ci` in infra/Sdk/Typings.
    """;

var json = args.Contains("--json");
var syntheticNode = args.Contains("--synthetic-node");
var rest = args.Where(arg => arg is not ("--json" or "--synthetic-node")).ToArray();
var rounds = 5;
var fillsClusters = rest is ["scheduler"];
var proves = rest is ["proof"];
var views = rest is ["view"];
var starts = rest is ["start", ..];
var imports = rest is ["module", ..];
var others = starts || imports ? rest[1..] : rest;
if (others.Length > 0 && !fillsClusters && !proves && !views && !(others is ["--rounds", var number] && int.TryParse(number, out rounds) && rounds > 0))
{
    Console.Error.WriteLine(usage);
    return 2;
}
if (!fillsClusters && !proves && !views && !starts && !imports && NodePackages.Missing is { } missing)
{
    Console.Error.WriteLine($"The benchmark {missing}.");
    return 2;
}
if (Assembly.GetExecutingAssembly().GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true })
{
    Console.Error.WriteLine("A Debug build measures the wrong thing: dotnet run -c Release --project tests/Benchmarks");
    return 2;
}
if (fillsClusters)
{
    var filled = SchedulerBenchmark.Hold();
    Console.WriteLine(json ? filled.ToJson() : filled.ToTable());
    return 0;
}
if (starts)
{
    Console.WriteLine(StartBenchmark.Hold(rounds).ToTable());
    return 0;
}
if (imports)
{
    if (ModuleBenchmark.Missing is { } command)
    {
        Console.Error.WriteLine($"The benchmark needs: {command}");
        return 2;
    }

    Console.WriteLine(ModuleBenchmark.Hold(rounds).ToTable());
    return 0;
}
if (proves)
{
    Console.WriteLine(ProofBenchmark.Hold().ToTable());
    return 0;
}
if (views)
{
    Console.WriteLine((await ViewBenchmark.HoldAsync()).ToTable());
    return 0;
}
using var contestants = await Contestants.PrepareAsync();
Contest[] contests =
[
    await Contest.HoldAsync("prod stack", contestants.Stack, contestants.EmittedStack, rounds),
    syntheticNode
        ? await Contest.HoldAsync("synthetic", contestants.Many, contestants.ManyInNode, rounds)
        : await Contest.AloneAsync("synthetic", contestants.Many, rounds),
];
var targets = Target.Of(contests[0], contests[1]);
Console.WriteLine(json ? Report.Json(contests, targets) : Report.Table(contests, targets));
return 0;
