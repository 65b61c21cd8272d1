using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HaCluster.Benchmarks.Scheduling;

/// <summary>How long the scheduler takes to fill clusters from empty, the first one cold; and how much memory.</summary>
internal sealed record SchedulerBenchmark(IReadOnlyList<SchedulerRun> Runs)
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static SchedulerBenchmark Hold() =>
        new([SchedulerRun.Of(nodes: 1_000, pods: 20_000), SchedulerRun.Of(nodes: 5_000, pods: 100_000)]);

    public IReadOnlyList<Target> Targets =>
    [
        new("1,000 nodes, 20,000 pods from empty in s", Runs[0].Seconds, 2),
        new("5,000 nodes, 100,000 pods from empty in s", Runs[1].Seconds, 15),
    ];

    public string ToTable()
    {
        var text = new StringBuilder();
        Row(text, "nodes", run => run.Nodes, "0");
        Row(text, "pods", run => run.Pods, "0");
        Row(text, "workloads", run => run.Workloads, "0");
        Row(text, "pods without a place", run => run.Refused, "0");
        Row(text, "wall time, s", run => run.Seconds, "0.00");
        Row(text, "processor time, s", run => run.ProcessorSeconds, "0.00");
        Row(text, "allocated, MB", run => run.AllocatedMegabytes, "0");
        Row(text, "held by the state, MB", run => run.HeldMegabytes, "0.0");
        Row(text, "peak memory, MB", run => run.PeakMegabytes, "0");
        Row(text, "clone, ms", run => run.CloneMilliseconds, "0.00");
        Row(text, "a zone lost, s", run => run.ZoneLostSeconds, "0.00");
        text.AppendLine();
        foreach (var target in Targets)
            text.AppendLine(CultureInfo.InvariantCulture,
                $"{(target.IsMet ? "met   " : "MISSED")}  {target.What}: {target.Value:0.00}, target {target.Limit:0}");
        return text.ToString();
    }

    public string ToJson() => new JsonObject
    {
        ["machine"] = new JsonObject { ["processors"] = Environment.ProcessorCount, ["runtime"] = Environment.Version.ToString() },
        ["runs"] = JsonSerializer.SerializeToNode(Runs, Json),
        ["targets"] = JsonSerializer.SerializeToNode(Targets, Json),
    }.ToJsonString(Json);

    private void Row(StringBuilder text, string label, Func<SchedulerRun, double> of, string format)
    {
        text.Append(CultureInfo.InvariantCulture, $"  {label,-22}");
        foreach (var run in Runs)
            text.Append(of(run).ToString(format, CultureInfo.InvariantCulture).PadLeft(10));
        text.AppendLine();
    }
}
