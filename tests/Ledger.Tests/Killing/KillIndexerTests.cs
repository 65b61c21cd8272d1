using HaCluster.Ledger.Indexing;
using HaCluster.Ledger.Indexing.Sqlite;
using HaCluster.Ledger.Tests.Indexing;
using HaCluster.Ledger.Tests.Writing;
using Xunit.Abstractions;

namespace HaCluster.Ledger.Tests.Killing;

/// <summary>SIGKILL of the service at every point of indexing, then the service again over what is left: everything is found, once.</summary>
public sealed class KillIndexerTests(ITestOutputHelper output)
{
    private const int Killed = 137;

    public static TheoryData<string, int> Points => PointsOf(IndexFaultPoint.All);

    /// <summary>It has no transaction: documents and position are written one after the other.</summary>
    public static TheoryData<string, int> PointsWithoutTransaction => PointsOf([.. IndexFaultPoint.All.Except([IndexFaultPoint.Committed])]);

    [SkippableTheory]
    [MemberData(nameof(Points))]
    public async Task With_SQLite_everything_is_found_once(string point, int time)
    {
        using var scratch = new Scratch();
        await KillAndCheckAsync(scratch, scratch.At("index.db"), point, time);
    }

    [SkippableTheory]
    [MemberData(nameof(PointsWithoutTransaction))]
    public async Task With_OpenSearch_everything_is_found_once(string point, int time)
    {
        await using var server = await LoopbackOpenSearch.StartAsync();
        using var scratch = new Scratch();
        await KillAndCheckAsync(scratch, server.Address.ToString(), point, time);
        Assert.Equal(KilledIndexer.Records, server.Documents("ledger.payments.*").Count);
    }

    public static TheoryData<string> PointsOfBuild => new(IndexFaultPoint.OfBuild);

    [SkippableTheory]
    [MemberData(nameof(PointsOfBuild))]
    public async Task A_killed_rebuild_loses_nothing_and_leaves_nothing(string point)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no SIGKILL");
        using var scratch = new Scratch();
        var file = scratch.At("index.db");
        Assert.Equal(0, (await RunAsync(scratch, file, "none", 0)).ExitCode);
        Assert.Equal(Killed, (await RunAsync(scratch, file, point, 1, KilledIndexer.Rebuild)).ExitCode);
        for (var time = 0; time < 2; time++)
        {
            await using (var index = SqliteIndex.Open(file))
            {
                Assert.Equal(KilledIndexer.Records, await index.PositionAsync(Ledgers.Stream, default));
                Assert.Equal(KilledIndexer.Records, (await index.SearchAsync(new RecordQuery(Ledgers.Stream) { Limit = 1000 }, default)).Records.Count);
                Assert.Equal(["r-7"], (await index.SearchAsync(new RecordQuery(Ledgers.Stream) { Words = ["7"] }, default)).Records.Select(record => record.Id));
                Assert.Equal(1, await index.WriteAsync(connection => SqliteTables.Number(connection, "SELECT count(*) FROM sqlite_master WHERE name GLOB 'records_*' AND type = 'table'"), default));
            }

            Assert.Equal(0, (await RunAsync(scratch, file, "none", 0, KilledIndexer.Rebuild)).ExitCode);
        }
    }

    private static TheoryData<string, int> PointsOf(string[] points)
    {
        var data = new TheoryData<string, int>();
        foreach (var point in points)
        {
            data.Add(point, 1);
            data.Add(point, 2);
        }

        return data;
    }

    private async Task KillAndCheckAsync(Scratch scratch, string index, string point, int time)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no SIGKILL");
        var killed = await RunAsync(scratch, index, point, time);
        Assert.True(killed.ExitCode == Killed, $"the process was to die at {point} and ended with {killed.ExitCode}: {killed.Text}");
        var acknowledged = killed.Output.Split('\n').Count(line => line.StartsWith("acknowledged ", StringComparison.Ordinal));
        var second = await RunAsync(scratch, index, "none", 0);
        Assert.True(second.ExitCode == 0, second.Text);
        var found = second.Output.Split('\n').Where(line => line.StartsWith("found ", StringComparison.Ordinal)).Select(line => line["found ".Length..].Trim());
        Assert.Equal(Enumerable.Range(1, KilledIndexer.Records).Select(number => $"r-{number}"), found);
        output.WriteLine($"{point}, time {time}: {acknowledged} acknowledged at the kill, {KilledIndexer.Records} found after the second run");
    }

    private static Task<Ended> RunAsync(Scratch scratch, string index, string point, int time, params string[] more) => Programs.RunAsync(
        Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
        [typeof(KillIndexerTests).Assembly.Location, KilledIndexer.Command, scratch.Path, index, point, $"{time}", .. more]);
}
