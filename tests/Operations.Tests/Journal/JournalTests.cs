using System.Text;
using HaCluster.Operations.Databases;
using HaCluster.Operations.Journal;
using HaCluster.Operations.Nodes;
using HaCluster.Operations.Running;
using HaCluster.Operations.Workloads;

namespace HaCluster.Operations.Tests.Journal;

public sealed class JournalTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2026, 11, 29, 3, 0, 0, TimeSpan.Zero);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ha-journal-");

    private string File => Path.Combine(folder.FullName, "op", "journal.jsonl");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Entries_are_read_back_as_they_were_written()
    {
        JournalEntry[] entries = [Begun(), new RunBegun(At, "ada@laptop", Undo: false), new StepBegun(At, "cordon/node-a1", false, new Dictionary<string, string> { ["cordoned"] = "no" }), new RunEnded(At, OperationState.Failed, "why")];
        using (var journal = JournalFile.Open(File, entries, DurableFile.Open))
        {
        }
        using var again = JournalFile.Open(File, null, DurableFile.Open);
        Assert.Equal(entries.Select(JournalFormat.Write), again.Snapshot().Select(JournalFormat.Write));
        var begun = Assert.IsType<OperationBegun>(again.Snapshot()[0]);
        Assert.Equal([new CordonStep("node-a1"), new FailOverStep("payments", "payments-b", "eu-central-1a", TimeSpan.FromMinutes(1))], begun.Steps);
    }

    [Theory]
    [InlineData("{\"$event\":\"run-en")]
    [InlineData("{\"$event\":\"run-ended\",\"at\":\"2026-11-29T03:00:00+00:00\",\"state\":\"Failed\",\"error\":\"\"}")]
    [InlineData("\0\0\0\0")]
    public void A_last_line_without_its_end_is_as_if_it_had_never_been_written(string torn)
    {
        using (JournalFile.Open(File, [Begun()], DurableFile.Open))
        {
        }
        System.IO.File.AppendAllText(File, torn);
        using (var journal = JournalFile.Open(File, null, DurableFile.Open))
        {
            Assert.Single(journal.Snapshot());
            journal.Append(new RunBegun(At, "ada@laptop", Undo: false));
        }
        using var again = JournalFile.Open(File, null, DurableFile.Open);
        Assert.IsType<RunBegun>(again.Snapshot()[^1]);
    }

    [Fact]
    public void A_damaged_line_before_the_last_is_refused()
    {
        var bytes = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(JournalFormat.Write(Begun())) + "{\"$event\":\"run-en\n" + Encoding.UTF8.GetString(JournalFormat.Write(new RunBegun(At, "a", false))));
        var failure = Assert.Throws<HaClusterException>(() => JournalFormat.Read(bytes, "journal", out _));
        Assert.Equal(FailureKind.JournalNotUsable, failure.Kind);
        Assert.Contains("line 2", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_journal_of_a_newer_version_is_refused_although_its_steps_are_not_known_here()
    {
        var line = Encoding.UTF8.GetString(JournalFormat.Write(Begun())).Replace("\"schema\":1", "\"schema\":2", StringComparison.Ordinal).Replace("cordon", "step-of-tomorrow", StringComparison.Ordinal);
        var failure = Assert.Throws<HaClusterException>(() => JournalFormat.Read(Encoding.UTF8.GetBytes(line), "journal", out _));
        Assert.Equal(FailureKind.JournalNotUsable, failure.Kind);
        Assert.Contains("newer version", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Update the module", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_journal_that_a_process_has_open_is_not_opened_by_another()
    {
        using var first = JournalFile.Open(File, [Begun()], DurableFile.Open);
        Assert.True(DurableFile.IsOpen(File));
        var failure = Assert.Throws<HaClusterException>(() => JournalFile.Open(File, null, DurableFile.Open));
        Assert.Equal(FailureKind.OperationRunning, failure.Kind);
        Assert.NotEmpty(JournalFormat.Read(DurableFile.Read(File), File, out _));
        first.Dispose();
        Assert.False(DurableFile.IsOpen(File));
    }

    [SkippableFact]
    public void A_journal_is_only_readable_by_its_user()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has access lists instead");
        using var journal = JournalFile.Open(File, [Begun()], DurableFile.Open);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, System.IO.File.GetUnixFileMode(Path.GetDirectoryName(File)!));
    }

    [Fact]
    public void Every_request_and_step_can_be_written_and_its_name_in_the_format_is_unique()
    {
        var types = typeof(Step).Assembly.GetTypes().Where(type => !type.IsAbstract && (type.IsAssignableTo(typeof(Step)) || type.IsAssignableTo(typeof(OperationRequest)))).ToList();
        Assert.True(types.Count > 40);
        Assert.Equal(types.Count, types.Select(type => type.Name).Distinct().Count());
        Assert.All(types, type => Assert.Single(type.GetConstructors(), constructor => constructor.GetParameters().Length > 0));
    }

    [Fact]
    public void Steps_remember_what_was_before_their_first_begin_and_not_before_a_later_one()
    {
        var state = JournalState.From(
        [
            Begun(),
            new RunBegun(At, "ada@laptop", false),
            new StepBegun(At, "cordon/node-a1", false, new Dictionary<string, string> { ["cordoned"] = "no" }),
            new RunBegun(At, "bob@laptop", false),
            new StepBegun(At, "cordon/node-a1", false, new Dictionary<string, string> { ["cordoned"] = "yes" }),
        ])!;
        Assert.Equal("no", state[new CordonStep("node-a1")].Before!["cordoned"]);
        Assert.Equal(2, state.Runs);
    }

    private static OperationBegun Begun() => new(
        At, OperationBegun.CurrentSchema, "20261129-030000-test-0000", "test", "ada@laptop", new UpdateWorkload(new WorkloadReference("shop", "api", "Deployment"), "api:2", null, TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1)),
        [new CordonStep("node-a1"), new FailOverStep("payments", "payments-b", "eu-central-1a", TimeSpan.FromMinutes(1))],
        [new Refusal { Code = "X", Reason = "why" }]);
}
