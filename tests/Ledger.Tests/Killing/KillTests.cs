using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Tests.Writing;
using Xunit.Abstractions;

namespace HaCluster.Ledger.Tests.Killing;

/// <summary>SIGKILL at every point of the write path, then a new process over what is left.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Killed = 137;

    public static TheoryData<string> Points => new(FaultPoint.All);

    [SkippableTheory]
    [MemberData(nameof(Points))]
    public async Task Nothing_acknowledged_is_lost_and_nothing_is_doubled(string point)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no SIGKILL");
        using var ledgers = new Ledgers();
        // The key, checkpoints and segments all go through the archive's points: the third time is within the records.
        var time = point.StartsWith("checkpoint", StringComparison.Ordinal) ? 2 : 3;
        var killed = await RunAsync(ledgers, point, time);
        Assert.True(killed.ExitCode == Killed, $"the process was to die at {point} and ended with {killed.ExitCode}: {killed.Text}");
        var acknowledged = Acknowledged(killed);
        Assert.InRange(acknowledged.Length, point == FaultPoint.BatchDecided ? 2 : 1, KilledLedger.Records - 1);

        // What was acknowledged is there before any process touches it again.
        var found = await ledgers.IdsAsync();
        Assert.Equal(acknowledged, found.Take(acknowledged.Length));
        output.WriteLine($"{point}: {acknowledged.Length} acknowledged, {found.Count} in the archive after the kill");

        var second = await RunAsync(ledgers, "none", 0);
        Assert.True(second.ExitCode == 0, second.Text);
        Assert.Equal(Enumerable.Range(1, KilledLedger.Records).Select(number => $"r-{number}"), await ledgers.IdsAsync());
        var report = Assert.Single(await ledgers.VerifyAsync());
        Assert.Equal((null, KilledLedger.Records, KilledLedger.Records), (report.Finding, report.Size, report.Signed));
    }

    private static string[] Acknowledged(Ended ended) => [.. ended.Output.Split('\n').Where(line => line.StartsWith("acknowledged ", StringComparison.Ordinal)).Select(line => line["acknowledged ".Length..].Trim())];

    private static Task<Ended> RunAsync(Ledgers ledgers, string point, int time) => Programs.RunAsync(
        Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
        [typeof(KillTests).Assembly.Location, KilledLedger.Command, ledgers.Folder, ledgers.At("key.pem"), ledgers.Spool("killed"), point, $"{time}"]);
}
