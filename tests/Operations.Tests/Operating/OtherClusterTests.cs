using System.Text.Json.Nodes;
using HaCluster.Operations.Connecting;
using HaCluster.Operations.Databases;
using HaCluster.Operations.Journal;
using HaCluster.Operations.Nodes;
using HaCluster.Operations.Running;
using HaCluster.Operations.Tests.Worlds;

namespace HaCluster.Operations.Tests.Operating;

/// <summary>
/// Two clusters of one name, such as two twins of one stack, or the clusters of two accounts: the journals of one user are all in one folder, and an operation
/// of one cluster is never gone on with on the other.
/// </summary>
public sealed class OtherClusterTests : OperatingTests
{
    private static readonly ClusterIdentity Own = FakeCluster.Identity;

    private readonly FakeWorld other = FakeCluster.Build();

    [Theory]
    [InlineData("another-uid", "1", "eu-central-1", "Connect to that cluster first")]
    [InlineData(null, "2", "eu-central-1", "credentials of that account and region")]
    [InlineData(null, "1", "us-east-1", "credentials of that account and region")]
    public async Task An_operation_of_another_cluster_with_the_same_name_is_not_listed_resumed_undone_or_stopped(string? uid, string account, string region, string advice)
    {
        var id = await InterruptAsync();
        var elsewhere = Elsewhere(Own with { Uid = uid ?? Own.Uid, Account = account, Region = region });

        Assert.Empty(await elsewhere.Runner.ListAsync(default));
        foreach (var go in new Func<Task>[] { () => elsewhere.Runner.ResumeAsync(id, Forced, default), () => elsewhere.Runner.UndoAsync(id, Forced, default) })
        {
            var failure = await Assert.ThrowsAsync<HaClusterException>(go);
            Assert.Equal(FailureKind.InvalidInput, failure.Kind);
            Assert.Contains("is an operation of another cluster: test (cluster 8b0f0c1e-uid-of-kube-system, account 1, region eu-central-1)", failure.Message, StringComparison.Ordinal);
            Assert.Contains(advice, failure.Advice, StringComparison.Ordinal);
        }
        Assert.Equal(FailureKind.NotFound, (await Assert.ThrowsAsync<HaClusterException>(() => elsewhere.Runner.StopAsync(id, default))).Kind);
        Assert.Empty(other.Log);

        Assert.Equal(OperationState.Interrupted, Assert.Single(await Runner.ListAsync(default)).State);
        Assert.Equal(OperationState.Succeeded, (await Runner.ResumeAsync(id, RunOptions.Default, default)).State);
    }

    [Fact]
    public async Task A_cluster_that_is_reached_under_another_name_or_without_aws_is_the_same()
    {
        var id = await InterruptAsync();
        var process = new FakeProcess(World, Journals, identity: Own with { Account = null, Region = null });
        Assert.Equal(id, Assert.Single(await process.Runner.ListAsync(default)).Id);
        EditFirstLine(id, line => line["cluster"] = "the-name-in-the-stack");
        Assert.Equal(OperationState.Succeeded, (await process.Runner.ResumeAsync(id, RunOptions.Default, default)).State);
    }

    [Fact]
    public async Task A_journal_of_an_older_version_without_identity_is_shown_and_refused_where_the_cluster_has_no_record_of_it()
    {
        var id = await InterruptAsync();
        Forget(id);

        var listed = Assert.Single(await Elsewhere(Own with { Uid = "another-uid" }).Runner.ListAsync(default));

        Assert.Equal((id, OperationState.Unknown), (listed.Id, listed.State));
        Assert.Contains("does not identify its cluster", listed.Error, StringComparison.Ordinal);
        foreach (var go in new Func<Task>[] { () => Elsewhere(Own).Runner.ResumeAsync(id, Forced, default), () => Elsewhere(Own).Runner.UndoAsync(id, Forced, default) })
        {
            var failure = await Assert.ThrowsAsync<HaClusterException>(go);
            Assert.Equal(FailureKind.JournalNotUsable, failure.Kind);
            Assert.Contains("start the operation again", failure.Advice, StringComparison.Ordinal);
        }
        Assert.Empty(other.Log);
    }

    [Fact]
    public async Task A_journal_of_an_older_version_is_resumed_where_the_cluster_has_its_record()
    {
        var id = await InterruptAsync();
        Forget(id);
        Assert.Equal(OperationState.Interrupted, Assert.Single(await Runner.ListAsync(default)).State);
        Assert.Equal(OperationState.Succeeded, (await Runner.ResumeAsync(id, RunOptions.Default, default)).State);
    }

    [Fact]
    public async Task A_journal_of_an_older_version_that_ended_is_listed_as_it_ended()
    {
        var id = (await RunAsync(new SuspendNode("node-a1"))).Id;
        Forget(id);
        Assert.Equal(OperationState.Succeeded, Assert.Single(await Elsewhere(Own).Runner.ListAsync(default)).State);
    }

    [Fact]
    public async Task An_unreadable_journal_is_listed_on_its_own_cluster_only()
    {
        var id = (await RunAsync(new SuspendNode("node-a1"))).Id;
        World.Remove("configmaps", Find("configmaps", "ha-cluster", $"operation-{id}")!);
        await File.AppendAllTextAsync(FileOf(id), "damage\n");
        Assert.Empty(await Elsewhere(Own with { Uid = "another-uid" }).Runner.ListAsync(default));
        Assert.Equal(OperationState.Unknown, Assert.Single(await Runner.ListAsync(default)).State);
    }

    [Fact]
    public async Task Nothing_is_changed_by_somebody_who_may_not_read_which_cluster_it_is()
    {
        var id = await InterruptAsync();
        World.Log.Clear();
        var blind = new FakeProcess(World, Journals, knowsCluster: false);
        foreach (var go in new Func<Task>[] { () => blind.Runner.RunAsync(new SuspendNode("node-b1"), Forced, default), () => blind.Runner.ResumeAsync(id, Forced, default) })
        {
            var failure = await Assert.ThrowsAsync<HaClusterException>(go);
            Assert.Equal((FailureKind.PermissionDenied, "Ask for get on namespaces"), (failure.Kind, failure.Advice));
        }
        Assert.Empty(World.Log);
        Assert.Equal(id, Assert.Single(await blind.Runner.ListAsync(default)).Id);
    }

    [Fact]
    public async Task How_long_a_step_takes_is_learnt_from_the_same_cluster_only()
    {
        var before = (await Runner.PlanAsync(new FailOverDatabase("payments", null, Limit), default)).Expected;
        await RunAsync(new FailOverDatabase("payments", null, Limit));
        var learnt = (await Runner.PlanAsync(new FailOverDatabase("payments", null, Limit), default)).Expected;
        Assert.NotEqual(before, learnt);
        Assert.Equal(before, (await Elsewhere(Own with { Uid = "another-uid" }).Runner.PlanAsync(new FailOverDatabase("payments", null, Limit), default)).Expected);
    }

    /// <returns>The id of an operation on the world whose process died.</returns>
    private async Task<string> InterruptAsync()
    {
        await Assert.ThrowsAnyAsync<Exception>(() => Process(new Faults { KillAfterWrite = 3 }).Runner.RunAsync(new SuspendNode("node-a1"), RunOptions.Default, default));
        return Assert.Single(await Runner.ListAsync(default)).Id;
    }

    /// <summary>A process of the same person, connected to the other world.</summary>
    private FakeProcess Elsewhere(ClusterIdentity identity) => new(other, Journals, identity: identity);

    private string FileOf(string id) => Path.Combine(Journals, id, "journal.jsonl");

    /// <summary>As a version wrote it that knew clusters by name only: here, and in the record.</summary>
    private void Forget(string id)
    {
        EditFirstLine(id, line => line.Remove("identity"));
        World.Remove("configmaps", Find("configmaps", "ha-cluster", $"operation-{id}")!);
        var entries = JournalFormat.Read(File.ReadAllBytes(FileOf(id)), "", out _);
        new ClusterRecords(Process().Session.Kubernetes, TimeProvider.System).WriteFirstAsync(entries, default).GetAwaiter().GetResult();
    }

    private void EditFirstLine(string id, Action<JsonObject> edit)
    {
        var lines = File.ReadAllLines(FileOf(id));
        var first = JsonNode.Parse(lines[0])!.AsObject();
        edit(first);
        File.WriteAllText(FileOf(id), string.Join('\n', [first.ToJsonString(), .. lines[1..]]) + "\n");
    }
}
