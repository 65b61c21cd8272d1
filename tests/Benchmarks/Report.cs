using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HaCluster.Benchmarks;

/// <summary>The measurements for people and for programs.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string Table(IReadOnlyList<Contest> contests, IReadOnlyList<Target> targets)
    {
        var text = new StringBuilder();
        foreach (var contest in contests)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{contest.Title}: {contest.Resources} resources, {contest.Program.Length} rounds");
            text.AppendLine("                            min   median      max");
            Rows(text, contest, "wall time, s", run => run.Seconds, "0.00");
            Rows(text, contest, "peak memory, MB", run => run.Megabytes, "0");
            text.AppendLine();
        }
        foreach (var target in targets)
            text.AppendLine(CultureInfo.InvariantCulture, $"{(target.IsMet ? "met   " : "MISSED")}  {target.What}: {target.Value:0.###}, target {target.Limit:0.###}");
        return text.ToString();
    }

    public static string Json(IReadOnlyList<Contest> contests, IReadOnlyList<Target> targets) => new JsonObject
    {
        ["machine"] = new JsonObject
        {
            ["processors"] = Environment.ProcessorCount,
            ["runtime"] = Environment.Version.ToString(),
        },
        ["contests"] = new JsonArray([.. contests.Select(contest => (JsonNode)new JsonObject
        {
            ["title"] = contest.Title,
            ["resources"] = contest.Resources,
            ["csharp"] = Runs(contest.Program),
            ["node"] = Runs(contest.Official),
            ["wallRatio"] = Ratio(contest, run => run.Seconds),
            ["memoryRatio"] = Ratio(contest, run => run.Megabytes),
        })]),
        ["targets"] = JsonSerializer.SerializeToNode(targets),
    }.ToJsonString(Indented);

    private static JsonNode? Ratio(Contest contest, Func<Measurement, double> of) =>
        contest.Official.IsEmpty ? null : JsonSerializer.SerializeToNode(contest.Ratio(of));

    private static JsonArray Runs(IEnumerable<Measurement> runs) =>
        [.. runs.Select(run => (JsonNode)new JsonObject { ["seconds"] = run.Seconds, ["megabytes"] = run.Megabytes })];

    private static void Rows(StringBuilder text, Contest contest, string what, Func<Measurement, double> of, string format)
    {
        Row(text, $"{what}  C#", Spread.Of(contest.Program.Select(of)), format);
        if (contest.Official.IsEmpty)
            return;
        Row(text, $"{what}  Node", Spread.Of(contest.Official.Select(of)), format);
        Row(text, "    C# / Node", contest.Ratio(of), "0.00");
    }

    private static void Row(StringBuilder text, string label, Spread spread, string format)
    {
        string Cell(double value) => value.ToString(format, CultureInfo.InvariantCulture).PadLeft(9);
        text.AppendLine(CultureInfo.InvariantCulture, $"  {label,-20}{Cell(spread.Min)}{Cell(spread.Median)}{Cell(spread.Max)}");
    }
}
