using System.Diagnostics;
using System.Text.Json;
using Amazon.Runtime;
using HaCluster.Operations.Connecting;
using HaCluster.Operations.Journal;
using HaCluster.Operations.Running;
using HaCluster.Operations.Tests.Worlds;

namespace HaCluster.Operations.Tests.LocalTwins;

/// <summary>
/// A real process that begins an operation on a twin or goes on with it. It dies by SIGKILL: of its own hand at an entry of its journal, of the twin's wire
/// at a change. A process takes a second or two to start, so that it may die at some of the points only; <see cref="TwinProcess"/> dies at all.
/// </summary>
internal sealed class TwinChild(RunningProgram process, KillPoints points) : IVictim
{
    /// <summary>The first argument of the test project's program.</summary>
    public const string Command = "twin";

    private const int Killed = 137;

    /// <summary>How often one process tries again what another's lease, or a machine too busy to renew its own, kept it from.</summary>
    private const int Attempts = 20;

    public bool IsDead { get; private set; }

    /// <summary>Where the wire killed it; empty when it did not.</summary>
    public string Point { get; private set; } = "";

    public bool Dies(string point)
    {
        if (IsDead || !points.IsLethal(point))
            return IsDead;
        (IsDead, Point) = (true, point);
        // SIGKILL on Unix: no finally, no dispose, no flush.
        process.Kill();
        return true;
    }

    /// <param name="every">It dies at one of so many points around entries of its journal.</param>
    /// <returns>Where it died; null when it ended the operation.</returns>
    public static async Task<string?> RunAsync(OperatedTwin twin, OperationRequest request, KillPoints wirePoints, int every)
    {
        var order = Path.Combine(twin.Folder, "child.json");
        var passed = Path.Combine(twin.Folder, "passed");
        await File.WriteAllTextAsync(order, JsonSerializer.Serialize(new Order(
            twin.Kubeconfig, twin.Twin.Aws.Url, twin.Twin.Aws.Key.Id, twin.Twin.Aws.Key.Secret, twin.Twin.Aws.Region, twin.Cluster, twin.Journals, passed, every)));
        await File.WriteAllBytesAsync($"{order}.request", JournalFormat.Write(new OperationBegun(default, OperationBegun.CurrentSchema, "", "", "", request, [], [])));
        await using var process = RunningProgram.Start(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [typeof(TwinChild).Assembly.Location, Command, order]);
        var child = new TwinChild(process, wirePoints);
        twin.Wire.Victim = child;
        var ended = await process.EndAsync();
        twin.Wire.Victim = null;
        if (ended.Succeeded)
            return null;
        Assert.True(ended.ExitCode == Killed, $"the process was to end or to be killed, and ended with {ended.ExitCode}: {ended.Error}");
        return child.IsDead ? child.Point : (await File.ReadAllLinesAsync(passed))[^1];
    }

    /// <summary>In the process of its own.</summary>
    public static async Task<int> ActAsync(string path)
    {
        var order = JsonSerializer.Deserialize<Order>(await File.ReadAllTextAsync(path))!;
        var begun = (OperationBegun)JournalFormat.Read(await File.ReadAllBytesAsync($"{path}.request"), path, out _)[0];
        var points = new KillPoints(Die, File.Exists(order.Passed) ? await File.ReadAllLinesAsync(order.Passed) : []);
        await using var process = await TwinProcess.StartAsync(
            new ConnectionRequest
            {
                Kubeconfig = order.Kubeconfig,
                AwsEndpoint = order.Endpoint,
                AwsCredentials = new BasicAWSCredentials(order.Key, order.Secret),
                Region = order.Region,
                ClusterName = order.Cluster,
                AllowOtherClusters = true,
            },
            order.Journals, points, new FastTime(OperatedTwin.OperatorSpeed, DateTimeOffset.UtcNow));
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await process.FinishAsync(begun.Request, before: []);
                return 0;
            }
            // Of one that died before it had a journal only its lease is left, and a person waits as the message says.
            catch (HaClusterException e) when (e.Kind is FailureKind.Unreachable or FailureKind.OperationRunning && attempt < Attempts)
            {
                await Task.Delay(OperationLease.Duration * 2, process.Session.Time);
            }
        }

        bool Die(string point)
        {
            File.AppendAllLines(order.Passed, [point]);
            if (File.ReadLines(order.Passed).Count() % order.Every != 0)
                return false;
            using var self = Process.GetCurrentProcess();
            self.Kill();
            Thread.Sleep(Timeout.Infinite);
            return true;
        }
    }

    /// <summary>What the process is told, in a file, since a command line can be read by anyone.</summary>
    private sealed record Order(string Kubeconfig, Uri Endpoint, string Key, string Secret, string Region, string Cluster, string Journals, string Passed, int Every);
}
