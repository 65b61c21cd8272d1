using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HaCluster.Benchmarks.Scheduling;

/// <summary>How long the scheduler takes to fill clusters from empty, the first one cold; and how much memory.</summary>
internal sealed record SchedulerBenchmark(IReadOnlyList<SchedulerRun> Runs)
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static SchedulerBenchmark Hold() => new([SchedulerRun.Of(nodes: 1_000, pods: 20_000), SchedulerRun.Of(nodes: 5_000, pods: 100_000)]);

    public IReadOnlyList<Target> Targets =>
    [
        new("1,000 nodes, 20,000 pods from empty in s", Runs[0].Seconds, 2),
        new("5,000 nodes, 100,000 pods from empty in s", Runs[1].Seconds, 15),
    ];

    public string ToTable()
    {
        var text = new StringBuilder("  nodes     pods  workloads  refused  seconds    cpu s  alloc MB  held MB  peak MB  clone ms  zone lost s\n");
        foreach (var run in Runs)
        {
            text.AppendLine(string.Create(CultureInfo.InvariantCulture,
                $"{run.Nodes,7}{run.Pods,9}{run.Workloads,11}{run.Refused,9}{run.Seconds,9:0.00}{run.ProcessorSeconds,9:0.00}{run.AllocatedMegabytes,10:0}"
                + $"{run.HeldMegabytes,9:0.0}{run.PeakMegabytes,9:0}{run.CloneMilliseconds,10:0.00}{run.ZoneLostSeconds,13:0.00}"));
        }

        foreach (var target in Targets)
            text.AppendLine(CultureInfo.InvariantCulture, $"{(target.IsMet ? "met   " : "MISSED")}  {target.What}: {target.Value:0.00}, target {target.Limit:0}");
        return text.ToString();
    }

    public string ToJson() => new JsonObject
    {
        ["machine"] = new JsonObject { ["processors"] = Environment.ProcessorCount, ["runtime"] = Environment.Version.ToString() },
        ["runs"] = JsonSerializer.SerializeToNode(Runs, Json),
        ["targets"] = JsonSerializer.SerializeToNode(Targets, Json),
    }.ToJsonString(Json);
}
