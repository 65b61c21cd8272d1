using System.Globalization;
using System.Text;
using HaCluster.Conformance.Emit;

namespace HaCluster.Benchmarks.Starting;

/// <summary>
/// What somebody waits for who types a command: the built tool, and <c>dotnet run</c> once everything is built, beside a console program that does nothing.
/// Rounds alternate, so that a busy moment hits all of them.
/// </summary>
internal sealed record StartBenchmark(IReadOnlyList<Started> All)
{
    /// <summary>The argument with which this program itself does nothing.</summary>
    public const string Nothing = "nothing";

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    public static string Tool => Path.Combine(Checkout.Root, "infra", "Cli", "bin", Configuration, new DirectoryInfo(AppContext.BaseDirectory).Name, "ha.dll");

    public static async Task<StartBenchmark> HoldAsync(int rounds)
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
        // What is not counted: files are read into memory, and dotnet run may have something to restore.
        await Started.RunInTurnsAsync(all, rounds);
        return new StartBenchmark(all);
    }

    public string ToTable()
    {
        var text = new StringBuilder(Started.Table(All, "nothing"));
        Target[] targets =
        [
            new("the built tool, plan and proof of prod in s", All[4].Seconds, 2),
            new("the built tool, plan and proof of prod, peak MB", All[4].Megabytes, 110),
            new("dotnet run once everything is built in s", All[5].Seconds, 6),
        ];
        foreach (var target in targets)
            text.AppendLine(CultureInfo.InvariantCulture, $"{(target.IsMet ? "met   " : "MISSED")}  {target.What}: {target.Value:0.00}, target {target.Limit:0}");
        return text.ToString();
    }
}
