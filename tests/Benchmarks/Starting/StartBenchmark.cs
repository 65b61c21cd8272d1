using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using HaCluster.Conformance.Emit;

namespace HaCluster.Benchmarks.Starting;

/// <summary>
/// What somebody waits for who types a command: the tool as it is published for this platform and as it is built for any, <c>dotnet run</c> once everything
/// is built, and a fresh clone; beside a console program that does nothing, and the same program of the stack on the official Node SDK. Rounds alternate, so
/// that a busy moment hits all of them; the clone is measured once.
/// </summary>
internal sealed partial record StartBenchmark(IReadOnlyList<Started> All, Contest Node, double CloneSeconds)
{
    /// <summary>The argument with which this program itself does nothing.</summary>
    public const string Nothing = "nothing";

    /// <summary>What the published tool, of which nothing is compiled as it runs, has to answer as the built one does.</summary>
    private static readonly string[] Same =
    [
        "", "plan --json -", "prove --stack dev", "cost --against dev", "quota", "diff dev prod --all", "validate --stack dev", "explain zones", "schema",
        "plan --stak dev", "plan --stack none",
    ];

    private const string PlanAndProof = "ha (plan and proof)", SecondRun = "dotnet run -- plan";

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static string Cli => Path.Combine(Checkout.Root, "infra", "Cli");

    public static string Tool => Path.Combine(Cli, "bin", Configuration, new DirectoryInfo(AppContext.BaseDirectory).Name, "ha.dll");

    public static async Task<StartBenchmark> HoldAsync(int rounds)
    {
        var scratch = Directory.CreateTempSubdirectory("ha-start-");
        try
        {
            var native = Path.Combine(scratch.FullName, "native");
            await RunAsync("dotnet", "publish", Cli, "-r", RuntimeInformation.RuntimeIdentifier, "--artifacts-path", Path.Combine(scratch.FullName, "artifacts"), "-o", native);
            foreach (var command in Same)
                await CompareAsync(Path.Combine(native, "ha"), command);
            Started[] all =
            [
                Started.Of("nothing", typeof(StartBenchmark).Assembly.Location, Nothing),
                new("ha version", Path.Combine(native, "ha"), ["version"]),
                new("ha validate", Path.Combine(native, "ha"), ["validate"]),
                new("ha plan", Path.Combine(native, "ha"), ["plan"]),
                new(PlanAndProof, Path.Combine(native, "ha"), []),
                Started.Of("ha.dll (plan and proof)", Tool),
                Started.Of(SecondRun, "run", "-c", Configuration, "--project", Cli, "--", "plan"),
            ];
            // What is not counted: files are read into memory, and dotnet run may have something to restore.
            await Started.RunInTurnsAsync(all, rounds);
            using var contestants = await Contestants.PrepareAsync();
            var node = await Contest.HoldAsync("prod stack", contestants.Stack, contestants.EmittedStack, rounds);
            return new StartBenchmark(all, node, await CloneAsync(Path.Combine(scratch.FullName, "clone")));
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    public string ToTable()
    {
        var text = new StringBuilder(Started.Table(All, "nothing"));
        var (native, second) = (All.Single(one => one.Name == PlanAndProof), All.Single(one => one.Name == SecondRun));
        text.AppendLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  the program alone: {Spread.Of(Node.Program.Select(run => run.Seconds)).Median:0.00} s, on the official Node SDK {Spread.Of(Node.Official.Select(run => run.Seconds)).Median:0.00} s; ratio {Node.Ratio(run => run.Seconds).Median:0.00}"));
        Target[] targets =
        [
            new("the published tool, plan and proof of prod in s", native.Seconds, 2),
            new("the published tool, plan and proof of prod, peak MB", native.Megabytes, 110),
            new("dotnet run once everything is built in s", second.Seconds, 6),
            new("from clone to the first answer in s, the packages being there", CloneSeconds, 60),
        ];
        foreach (var target in targets)
            text.AppendLine(CultureInfo.InvariantCulture, $"{(target.IsMet ? "met   " : "MISSED")}  {target.What}: {target.Value:0.00}, target {target.Limit:0}");
        return text.ToString();
    }

    private static async Task CompareAsync(string native, string command)
    {
        var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var (published, built) = (await Programs.RunAsync(native, words, Checkout.Root), await Programs.RunAsync("dotnet", [Tool, .. words], Checkout.Root));
        if (Timeless(published) != Timeless(built))
            throw new InvalidOperationException($"the published tool answers 'ha {command}' in another way than the built one:\n{published}\n{built}");
    }

    private static Ended Timeless(Ended ended) => ended with { Output = Seconds().Replace(ended.Output, "in T s"), Error = Seconds().Replace(ended.Error, "in T s") };

    [GeneratedRegex(@"\bin [0-9]+(\.[0-9]+)? s\b")]
    private static partial Regex Seconds();

    /// <summary>What somebody types who meets the project: a clone, and the first command of the README.</summary>
    private static async Task<double> CloneAsync(string clone)
    {
        var clock = Stopwatch.StartNew();
        await RunAsync("git", "clone", "--quiet", Checkout.Root, clone);
        await RunAsync("dotnet", "run", "--project", Path.Combine(clone, "infra", "Cli"));
        return clock.Elapsed.TotalSeconds;
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var ended = await Programs.RunAsync(program, arguments, Checkout.Root, PowerShell.Quiet);
        if (!ended.Succeeded)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {ended.ExitCode}: {ended.Error}{ended.Output}");
    }
}
