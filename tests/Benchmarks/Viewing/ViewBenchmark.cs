using System.Diagnostics;
using System.Globalization;
using HaCluster.Operations.Connecting;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Monitoring;
using HaCluster.Operations.Viewing;
using k8s;

namespace HaCluster.Benchmarks.Viewing;

/// <summary>How long the screen of Get-HaCluster takes for a large cluster, from the first request on, and what it needs in memory.</summary>
/// <param name="Second">In the same process, when all is compiled.</param>
internal sealed record ViewBenchmark(ClusterStatus Status, Look First, Look Second, double PeakMegabytes)
{
    public static async Task<ViewBenchmark> HoldAsync()
    {
        await using var server = RunningProgram.Start("dotnet", [typeof(ViewBenchmark).Assembly.Location, ViewServer.Argument]);
        await Waiting.UntilAsync("the second process serves", () => server.Text.Contains('\n', StringComparison.Ordinal) || server.HasEnded, () => server.Text);
        var address = server.Text.Trim();
        using var self = Process.GetCurrentProcess();
        var before = self.TotalProcessorTime;
        var (status, first) = await LookAsync(address);
        self.Refresh();
        var (between, firstPeak) = (self.TotalProcessorTime, self.PeakWorkingSet64);
        var (_, second) = await LookAsync(address);
        self.Refresh();
        return new ViewBenchmark(status, new Look(first, between - before), new Look(second, self.TotalProcessorTime - between), firstPeak / 1e6);
    }

    public string ToTable() => string.Create(CultureInfo.InvariantCulture, $"""
          {Status.Nodes.Total:N0} nodes, {Status.Pods.Total:N0} pods, {Status.Workloads:N0} workloads
          first look {First}; second look in the same process {Second}
        {Line(new Target("the screen of 1,000 nodes and 20,000 pods in s", First.Elapsed.TotalSeconds, 2))}
        {Line(new Target("its memory in MB, the runtime included", PeakMegabytes, 200))}

        """);

    private static string Line(Target target) => string.Create(CultureInfo.InvariantCulture, $"{(target.IsMet ? "met   " : "MISSED")}  {target.What}: {target.Value:0.00}, target {target.Limit:0}");

    private static async Task<(ClusterStatus Status, TimeSpan Elapsed)> LookAsync(string address)
    {
        using var api = new KubernetesApi(_ => Task.FromResult(new KubernetesClientConfiguration { Host = address }));
        using var session = new ClusterSession
        {
            Info = new ConnectionInfo("large", ConnectionSource.Kubeconfig, null, address, "v1.36.0", null, null, "", null, default),
            Kubernetes = api,
            Monitoring = MonitoringWire.Over(api),
        };
        var clock = Stopwatch.StartNew();
        var status = await new ClusterViews(session).ReadClusterAsync(CancellationToken.None);
        return (status, clock.Elapsed);
    }
}

/// <param name="Processor">Time of all threads.</param>
internal sealed record Look(TimeSpan Elapsed, TimeSpan Processor)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Elapsed.TotalSeconds:0.00} s, {Processor.TotalSeconds:0.00} s of processor time");
}
