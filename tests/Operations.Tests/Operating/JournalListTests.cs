using HaCluster.Operations.Nodes;
using HaCluster.Operations.Running;

namespace HaCluster.Operations.Tests.Operating;

/// <summary>Journals that cannot be read are shown, and never acted on.</summary>
public sealed class JournalListTests : OperatingTests
{
    [Fact]
    public async Task A_damaged_journal_is_listed_with_its_file_and_neither_resumed_nor_undone()
    {
        var id = (await RunAsync(new SuspendNode("node-a1"))).Id;
        var file = FileOf(id);
        var lines = await File.ReadAllLinesAsync(file);
        lines[2] = "{\"$event\":\"step-be";
        await File.WriteAllTextAsync(file, string.Join('\n', lines) + "\n");
        World.Log.Clear();

        var listed = Assert.Single(await Runner.ListAsync(default));

        Assert.Equal((OperationState.Unknown, id, "Suspend-HaNode", "node node-a1", "ada@laptop"), (listed.State, listed.Id, listed.Command, listed.Target, listed.By));
        Assert.Contains(file, listed.Error, StringComparison.Ordinal);
        Assert.Contains("line 3 cannot be read", listed.Error, StringComparison.Ordinal);
        Assert.Contains("finish by hand or start the operation again", listed.Error, StringComparison.Ordinal);
        await RefusesAsync(id, "line 3 cannot be read");
    }

    [Theory]
    [InlineData("test", true)]
    [InlineData("another", false)]
    [InlineData(null, true)]
    public async Task A_journal_of_a_newer_version_is_listed_on_its_cluster_and_says_to_update(string? cluster, bool isListed)
    {
        const string id = "20991129-030000-switch-zone-4f2a";
        Directory.CreateDirectory(Path.GetDirectoryName(FileOf(id))!);
        await File.WriteAllTextAsync(FileOf(id), $$"""{"$event":"operation-begun","at":"2099-11-29T03:00:00Z","schema":2,"id":"{{id}}",{{(cluster is null ? "" : $"\"cluster\":\"{cluster}\",")}}"by":"eve@future","request":{"$operation":"teleport-zone"} }""" + "\n");

        var listed = await Runner.ListAsync(default);

        Assert.Equal(isListed, listed.Count == 1);
        if (isListed)
        {
            Assert.Equal((OperationState.Unknown, "eve@future", "teleport-zone", 2099), (listed[0].State, listed[0].By, listed[0].Command, listed[0].Started.Year));
            Assert.Contains("newer version of HaCluster (journal schema 2; this version reads up to 1)", listed[0].Error, StringComparison.Ordinal);
        }
        await RefusesAsync(id, "Update the module");
    }

    [Fact]
    public async Task A_file_that_is_no_journal_at_all_is_listed_too()
    {
        const string id = "20261129-030000-switch-zone-4f2a";
        Directory.CreateDirectory(Path.GetDirectoryName(FileOf(id))!);
        await File.WriteAllBytesAsync(FileOf(id), [0, 0, 0, 10, 0, 10]);
        Assert.Equal(OperationState.Unknown, Assert.Single(await Runner.ListAsync(default)).State);
        await RefusesAsync(id, "line 1 cannot be read");
    }

    [Fact]
    public async Task A_damaged_record_of_another_person_in_the_cluster_is_listed_with_what_is_beside_it()
    {
        var id = (await Process(@operator: "bob@desk").Runner.RunAsync(new SuspendNode("node-a1"), RunOptions.Default, default)).Id;
        Directory.Delete(Journals, recursive: true);
        Find("configmaps", "ha-cluster", $"operation-{id}")!["binaryData"]!["journal.jsonl.gz"] = "AAAA";

        var listed = Assert.Single(await Runner.ListAsync(default));

        Assert.Equal((OperationState.Unknown, id, "Suspend-HaNode", "bob@desk"), (listed.State, listed.Id, listed.Command, listed.By));
        Assert.Contains($"configmap/ha-cluster/operation-{id}", listed.Error, StringComparison.Ordinal);
        await RefusesAsync(id, "its journal cannot be read");
    }

    [Fact]
    public async Task Readable_operations_are_listed_beside_it()
    {
        var good = (await RunAsync(new SuspendNode("node-a1"))).Id;
        const string id = "20991129-030000-switch-zone-4f2a";
        Directory.CreateDirectory(Path.GetDirectoryName(FileOf(id))!);
        await File.WriteAllTextAsync(FileOf(id), "garbage\n");
        Assert.Equal([(id, OperationState.Unknown), (good, OperationState.Succeeded)], (await Runner.ListAsync(default)).Select(operation => (operation.Id, operation.State)));
        // And another operation is not kept from running.
        Assert.Equal(OperationState.Succeeded, (await RunAsync(new SuspendNode("node-a2"))).State);
    }

    private string FileOf(string id) => Path.Combine(Journals, id, "journal.jsonl");

    private async Task RefusesAsync(string id, string why)
    {
        World.Log.Clear();
        foreach (var go in new Func<Task>[] { () => Runner.ResumeAsync(id, Forced, default), () => Runner.UndoAsync(id, Forced, default) })
        {
            var failure = await Assert.ThrowsAsync<HaClusterException>(go);
            Assert.Equal(FailureKind.JournalNotUsable, failure.Kind);
            Assert.Contains(why, failure.Message, StringComparison.Ordinal);
        }
        Assert.Empty(World.Log);
    }
}
