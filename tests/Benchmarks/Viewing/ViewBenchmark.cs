using System.Diagnostics;
using System.Globalization;
using HaCluster.Operations.Connecting;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Monitoring;
using HaCluster.Operations.Viewing;
using k8s;

namespace HaCluster.Benchmarks.Viewing;

/// <summary>How long the screen of Get-HaCluster takes for a large cluster, from the first request on, and what it needs in memory.</summary>
/// <param name="Processor">Time of all threads for the first look.</param>
internal sealed record ViewBenchmark(ClusterStatus Status, TimeSpan First, TimeSpan Processor, TimeSpan Second, double PeakMegabytes)
{
    public static async Task<ViewBenchmark> HoldAsync()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? [typeof(ViewBenchmark).Assembly.Location, ViewServer.Argument] : [ViewServer.Argument])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        using var server = Process.Start(start)!;
        try
        {
            var address = (await server.StandardOutput.ReadLineAsync())!;
            using var self = Process.GetCurrentProcess();
            var before = self.TotalProcessorTime;
            var (status, first) = await LookAsync(address);
            self.Refresh();
            var processor = self.TotalProcessorTime - before;
            var (_, second) = await LookAsync(address);
            self.Refresh();
            return new ViewBenchmark(status, first, processor, second, self.PeakWorkingSet64 / 1e6);
        }
        finally
        {
            server.StandardInput.Close();
            await server.WaitForExitAsync();
        }
    }

    public string ToTable() => string.Create(CultureInfo.InvariantCulture, $"""
          {Status.Nodes.Total:N0} nodes, {Status.Pods.Total:N0} pods, {Status.Workloads:N0} workloads; {Processor.TotalSeconds:0.00} s of processor time; again in the same process: {Second.TotalSeconds:0.00} s
        {Line(new Target("the screen of 1,000 nodes and 20,000 pods in s", First.TotalSeconds, 2))}
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
