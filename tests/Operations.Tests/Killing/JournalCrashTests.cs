using HaCluster.Operations.Journal;
using HaCluster.Operations.Running;
using HaCluster.Operations.Tests.Worlds;
using HaCluster.Operations.Zones;

namespace HaCluster.Operations.Tests.Killing;

/// <summary>A process that is killed while it takes an operation over, and two that write one operation's record.</summary>
public sealed class JournalCrashTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ha-crash-");

    public void Dispose() => folder.Delete(recursive: true);

    /// <summary>The copy in the cluster is gone, so that the file is all that there is.</summary>
    [Theory]
    [InlineData("before")]
    [InlineData("after")]
    public async Task A_resume_that_is_killed_at_one_of_its_first_writes_loses_no_entry(string side)
    {
        var scenario = KillScenario.All.Single(scenario => scenario.Name == "Switch-HaZone");
        for (var write = 1; write <= 12; write++)
        {
            var journals = Path.Combine(folder.FullName, $"{side}-{write}");
            var world = await scenario.BuildAsync(journals);
            var first = new FakeProcess(world, journals, new Faults { KillAfterWrite = 9 });
            await Assert.ThrowsAnyAsync<Exception>(() => first.Runner.RunAsync(scenario.Request, RunOptions.Default, default));
            foreach (var record in world.All("configmaps").ToList())
                world.Remove("configmaps", record);
            var journal = new JournalFolder(journals, DurableFile.Open);
            var id = Assert.Single(journal.Ids());
            var had = Lines(journal, id);

            var second = new FakeProcess(world, journals, new Faults { KillBeforeWrite = side == "before" ? write : -1, KillAfterWrite = side == "after" ? write : -1 }, time: first.Time);
            await Assert.ThrowsAnyAsync<Exception>(() => second.Runner.ResumeAsync(id, RunOptions.Default, default));

            Assert.Equal(9, had.Count);
            Assert.Equal(had, Lines(journal, id).Take(had.Count));
        }
    }

    [Theory]
    [InlineData("before", "first")]
    [InlineData("after", "second")]
    public void A_journal_that_another_machine_went_on_with_is_taken_over_as_a_whole_or_not_at_all(string side, string left)
    {
        IReadOnlyList<JournalEntry> first = [Begun, new RunBegun(At, "ada@laptop", Undo: false), new Noted(At, "first")];
        IReadOnlyList<JournalEntry> second = [Begun, new RunBegun(At, "ada@laptop", Undo: false), new Noted(At, "second"), new RunBegun(At, "bob@desk", Undo: false)];
        var faults = new Faults { KillBeforeWrite = side == "before" ? 4 : -1, KillAfterWrite = side == "after" ? 4 : -1 };
        var journal = new JournalFolder(folder.FullName, path => new FakeFile(path, faults));
        journal.Open("id", first).Dispose();

        Assert.Throws<ProcessKilledException>(() => journal.Open("id", second));

        Assert.Equal(left == "first" ? first : second, journal.Read("id"), EqualityComparer<JournalEntry>.Create((one, other) => Line(one!) == Line(other!)));
        journal = new JournalFolder(folder.FullName, DurableFile.Open);
        using (var open = journal.Open("id", second))
            open.Append(new Noted(At, "third"));
        Assert.Equal("third", Assert.IsType<Noted>(journal.Read("id")[^1]).Message);
        Assert.Equal(5, journal.Read("id").Count);
    }

    [Fact]
    public async Task A_process_that_lost_its_lease_leaves_the_record_of_the_next_one_alone()
    {
        var records = new ClusterRecords(new FakeProcess(FakeCluster.Build(), folder.FullName).Session.Kubernetes, TimeProvider.System);
        IReadOnlyList<JournalEntry> common = [Begun, new RunBegun(At, "ada@laptop", Undo: false)];
        var version = await records.WriteAsync(common, null, default);
        IReadOnlyList<JournalEntry> next = [.. common, new RunBegun(At, "bob@desk", Undo: false), new RunEnded(At, OperationState.Succeeded, "")];
        await records.WriteAsync(next, null, default);

        var failure = await Assert.ThrowsAsync<HaClusterException>(() => records.WriteAsync([.. common, new RunEnded(At, OperationState.Interrupted, "lost its lease")], version, default));

        Assert.Equal(FailureKind.Conflict, failure.Kind);
        Assert.Equal(next.Count, (await records.FindAsync("id", default))!.Count);
    }

    [Fact]
    public async Task A_copy_of_the_record_whose_response_was_lost_is_followed_by_the_next()
    {
        var records = new ClusterRecords(new FakeProcess(FakeCluster.Build(), folder.FullName).Session.Kubernetes, TimeProvider.System);
        IReadOnlyList<JournalEntry> entries = [Begun, new RunBegun(At, "ada@laptop", Undo: false)];
        var version = await records.WriteAsync(entries, null, default);
        entries = [.. entries, new Noted(At, "lost")];
        await records.WriteAsync(entries, version, default);

        await records.WriteAsync([.. entries, new Noted(At, "next")], version, default);

        Assert.Equal("next", Assert.IsType<Noted>((await records.FindAsync("id", default))![^1]).Message);
    }

    private static readonly DateTimeOffset At = new(2026, 11, 29, 3, 0, 0, TimeSpan.Zero);

    private static OperationBegun Begun => new(At, OperationBegun.CurrentSchema, "id", FakeCluster.Name, "ada@laptop", new StopZoneShift("eu-central-1a"), [], []);

    private static string Line(JournalEntry entry) => System.Text.Encoding.UTF8.GetString(JournalFormat.Write(entry));

    private static List<string> Lines(JournalFolder journal, string id) => [.. journal.Read(id).Select(Line)];
}
