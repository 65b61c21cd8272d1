using System.Text.Json.Nodes;
using HaCluster.Operations.Chains;
using HaCluster.Operations.Running;
using HaCluster.Operations.Tests.Worlds;

namespace HaCluster.Operations.Tests.Operating;

public sealed class ChainTests : OperatingTests
{
    private const string Geth = "ethereum-geth";

    public ChainTests()
    {
        AddSet(Geth, "ethereum", 2, """
            { "name": "geth", "image": "geth:1", "args": ["--datadir=/data/execution"], "volumeMounts": [{"name":"data","mountPath":"/data"}] },
            { "name": "lighthouse", "image": "lighthouse:1", "command": ["lighthouse"], "args": ["bn", "--datadir=/data/consensus", "--checkpoint-sync-url=https://x"], "volumeMounts": [{"name":"data","mountPath":"/data"}] }
            """);
        AddSet("ethereum-reth", "ethereum", 1, """{ "name": "reth", "image": "reth:1" }""");
        AddSet("bitcoin", "bitcoin", 3, """{ "name": "btcd", "image": "btcd:1", "args": ["--datadir=/data"] }""");
        Put("cronjobs", "chains", "ethereum-geth-volumes", """{"spec":{"jobTemplate":{"spec":{"backoffLimit":3}}}}""");
        Put("cronjobs", "chains", "bitcoin-volumes", """{"spec":{"jobTemplate":{"spec":{"backoffLimit":3}}}}""");
        for (var i = 0; i < 5; i++)
            FakeControllers.Step(World);
        World.Log.Clear();
    }

    [Fact]
    public async Task A_node_is_made_again_from_the_newest_snapshot_while_the_others_run_on()
    {
        AddSnapshot("old", Geth, "2026-11-28T00:00:00Z");
        AddSnapshot("newest", Geth, "2026-11-28T12:00:00Z");
        AddSnapshot("unfinished", Geth, "2026-11-29T00:00:00Z", isReady: false);
        AddSnapshot("deleted", Geth, "2026-11-29T01:00:00Z", isDeleted: true);
        AddSnapshot("of-another-set", "ethereum-reth", "2026-11-29T02:00:00Z");
        var sibling = UidOf("ethereum-geth-0");
        var node = UidOf("ethereum-geth-1");
        var plan = await Runner.PlanAsync(new RestoreChainReplica("ethereum-geth-1", false, null, Limit), default);
        Assert.Contains("from snapshot newest", plan.Summary, StringComparison.Ordinal);

        var result = await RunAsync(new RestoreChainReplica("ethereum-geth-1", false, "newest", Limit));

        Assert.Equal(OperationState.Succeeded, result.State);
        Assert.Equal(
            ["delete statefulsets chains/ethereum-geth", "delete pods chains/ethereum-geth-1", "delete persistentvolumeclaims chains/data-ethereum-geth-1", "create jobs chains/ethereum-geth-restore", "create statefulsets chains/ethereum-geth"],
            World.Log.Select(line => line.StartsWith("create jobs", StringComparison.Ordinal) ? line[..line.LastIndexOf('-')] : line));
        Assert.Equal(sibling, UidOf("ethereum-geth-0"));
        Assert.NotEqual(node, UidOf("ethereum-geth-1"));
        Assert.Contains(result.Warnings, warning => warning.Contains("Get-HaChain", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Consensus_data_alone_is_deleted_by_a_job_and_the_chain_and_its_claim_stay()
    {
        var claim = (string?)Find("persistentvolumeclaims", "chains", "data-ethereum-geth-1")!["metadata"]!["uid"];

        var result = await RunAsync(new RestoreChainReplica("ethereum-geth-1", true, null, Limit));

        Assert.Equal(OperationState.Succeeded, result.State);
        var pod = Assert.Single(World.All("jobs"))["spec"]!["template"]!["spec"]!;
        Assert.Equal("""["rm","-rf","--","/data/consensus"]""", pod["containers"]![0]!["command"]!.ToJsonString());
        Assert.Equal(("busybox:1", "data-ethereum-geth-1", 10001, "high", "Never"), (
            (string?)pod["containers"]![0]!["image"], (string?)pod["volumes"]![0]!["persistentVolumeClaim"]!["claimName"], (int?)pod["securityContext"]!["runAsUser"], (string?)pod["priorityClassName"], (string?)pod["restartPolicy"]));
        Assert.Equal(claim, (string?)Find("persistentvolumeclaims", "chains", "data-ethereum-geth-1")!["metadata"]!["uid"]);
        Assert.NotNull(Find("statefulsets", "chains", Geth));
        Assert.True(World.Log.FindIndex(line => line == "delete pods chains/ethereum-geth-1") < World.Log.FindIndex(line => line.StartsWith("create jobs", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_clearing_that_is_killed_goes_on_and_leaves_the_set_as_it_was(int change)
    {
        var set = Find("statefulsets", "chains", Geth)!["spec"]!.ToJsonString();
        await Assert.ThrowsAnyAsync<ProcessKilledException>(() => Process(new Faults { KillAfterChange = change }).Runner.RunAsync(new RestoreChainReplica("ethereum-geth-1", true, null, Limit), RunOptions.Default, default));
        var open = Assert.Single(await Runner.ListAsync(default));
        Assert.Equal(OperationState.Succeeded, (await Runner.ResumeAsync(open.Id, RunOptions.Default, default)).State);
        Assert.Equal(World.Log.Distinct().Count(), World.Log.Count);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(set), Find("statefulsets", "chains", Geth)!["spec"]));
    }

    [Fact]
    public async Task A_job_that_fails_leaves_an_operation_that_undo_ends_with_the_set_back()
    {
        World.BadJobs.Add("ethereum-geth-clear");
        var failure = await Assert.ThrowsAsync<OperationFailedException>(() => RunAsync(new RestoreChainReplica("ethereum-geth-1", true, null, Limit)));
        Assert.Null(Find("statefulsets", "chains", Geth));
        Assert.Equal(OperationState.Undone, (await Runner.UndoAsync(failure.Result.Id, RunOptions.Default, default)).State);
        FakeControllers.Step(World);
        Assert.NotNull(Find("statefulsets", "chains", Geth));
        Assert.NotNull(Find("pods", "chains", "ethereum-geth-1"));
    }

    [Theory]
    [InlineData("bitcoin-1", true, null, "NoConsensusClient", false)]
    [InlineData("ethereum-geth-1", true, "newest", "SnapshotNotUsed", false)]
    [InlineData("ethereum-geth-7", true, null, "NoConsensusClient", false)]
    [InlineData("dogecoin-0", false, null, "ChainNodeUnknown", false)]
    [InlineData("ethereum-geth-1", false, "older", "NotTheNewest", false)]
    [InlineData("bitcoin-1", false, null, "NoSnapshot", true)]
    public async Task What_cannot_be_restored_is_refused(string pod, bool consensus, string? snapshot, string code, bool isForceable)
    {
        AddSnapshot("newest", Geth, "2026-11-28T12:00:00Z");
        var refusal = await RefusedAsync(new RestoreChainReplica(pod, consensus, snapshot, Limit));
        Assert.Equal((code, isForceable), (refusal.Code, refusal.Forceable));
    }

    [Theory]
    [InlineData("--datadir=/data")]
    [InlineData("--datadir=/data/../etc")]
    [InlineData("--datadir=/elsewhere")]
    public async Task Data_that_is_not_a_folder_of_the_volume_is_never_deleted(string argument)
    {
        Find("statefulsets", "chains", Geth)!["spec"]!["template"]!["spec"]!["containers"]![1]!["args"]![1] = argument;
        Assert.Equal("NoConsensusClient", (await RefusedAsync(new RestoreChainReplica("ethereum-geth-1", true, null, Limit), Forced)).Code);
    }

    [Fact]
    public async Task The_last_nodes_of_a_chain_that_serve_are_not_taken()
    {
        AddSnapshot("newest", Geth, "2026-11-28T12:00:00Z");
        Find("pods", "chains", "ethereum-reth-0")!["metadata"]!["deletionTimestamp"] = "2026-11-29T00:00:00Z";
        World.Find("nodes", null, (string)Find("pods", "chains", "ethereum-reth-0")!["spec"]!["nodeName"]!)!["status"]!["conditions"]![0]!["status"] = "Unknown";
        var refusal = await RefusedAsync(new RestoreChainReplica("ethereum-geth-1", false, null, Limit));
        Assert.Equal(("ChainNodesFew", "chains/ethereum-reth-0", true), (refusal.Code, refusal.Pod, refusal.Forceable));
        Assert.Contains("only 1 of 2 other nodes", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_is_taken_out_of_service_with_its_volume_and_put_back()
    {
        var taken = await RunAsync(new SuspendChainReplica("bitcoin-2"));
        Assert.Equal("Suspend-HaChainReplica", taken.Command);
        Assert.Contains(new OperationChange("statefulset/chains/bitcoin", "replicas", "3", "2"), taken.Changes);
        Assert.Null(Find("pods", "chains", "bitcoin-2"));
        Assert.NotNull(Find("persistentvolumeclaims", "chains", "data-bitcoin-2"));
        await RunAsync(new SuspendChainReplica("bitcoin-2", Resume: true));
        Assert.NotNull(Find("pods", "chains", "bitcoin-2"));
    }

    [Fact]
    public async Task A_second_node_is_not_taken_while_the_first_is_suspended()
    {
        await RunAsync(new SuspendChainReplica("bitcoin-2"));

        var refusal = await RefusedAsync(new SuspendChainReplica("bitcoin-1"));
        Assert.Equal("ChainNodesFew", refusal.Code);
        Assert.Contains("only 1 of 2 other nodes", refusal.Reason, StringComparison.Ordinal);
        await RunAsync(new SuspendChainReplica("bitcoin-2", Resume: true));
        await RunAsync(new SuspendChainReplica("bitcoin-2"));
    }

    [Fact]
    public async Task The_first_node_is_taken_by_its_ordinal_and_undo_puts_it_back()
    {
        var taken = await RunAsync(new SuspendChainReplica("bitcoin-0"));
        Assert.Equal((1, 2), ((int?)Find("statefulsets", "chains", "bitcoin")!["spec"]!["ordinals"]!["start"], (int?)Find("statefulsets", "chains", "bitcoin")!["spec"]!["replicas"]));
        Assert.Null(Find("pods", "chains", "bitcoin-0"));
        await Runner.UndoAsync(taken.Id, RunOptions.Default, default);
        FakeControllers.Step(World);
        Assert.Null(Find("statefulsets", "chains", "bitcoin")!["spec"]!["ordinals"]);
        Assert.NotNull(Find("pods", "chains", "bitcoin-0"));
    }

    [Fact]
    public async Task A_node_in_the_middle_of_its_set_is_not_taken_since_a_set_has_no_gaps()
    {
        var refusal = await RefusedAsync(new SuspendChainReplica("bitcoin-1"), Forced);
        Assert.Equal("NotAtTheEnd", refusal.Code);
        Assert.Contains("bitcoin-0 to bitcoin-2", refusal.Reason, StringComparison.Ordinal);
    }

    private string UidOf(string pod) => (string)Find("pods", "chains", pod)!["metadata"]!["uid"]!;

    private void AddSet(string name, string chain, int replicas, string containers)
    {
        Put("statefulsets", "chains", name, $$"""
            { "apiVersion": "apps/v1", "kind": "StatefulSet", "spec": { "replicas": {{replicas}}, "serviceName": "{{chain}}", "volumeClaimTemplates": [ { "metadata": { "name": "data" }, "spec": {} } ], "selector": { "matchLabels": { "app": "{{name}}" } }, "template": {
              "metadata": { "labels": { "app": "{{name}}", "ha-cluster/chain": "{{chain}}", "ha-cluster/role": "node" } },
              "spec": { "priorityClassName": "high", "securityContext": { "runAsUser": 10001 }, "initContainers": [ { "name": "token", "image": "busybox:1" } ], "containers": [ {{containers}} ] } } } }
            """);
        for (var at = 0; at < replicas; at++)
            Put("persistentvolumeclaims", "chains", $"data-{name}-{at}", """{"spec":{}}""");
    }

    private void AddSnapshot(string name, string set, string createdAt, bool isReady = true, bool isDeleted = false) => Put("volumesnapshots", "chains", name, $$"""
        { "metadata": { "labels": { "app.kubernetes.io/name": "{{set}}" } {{(isDeleted ? ", \"deletionTimestamp\": \"2026-11-29T02:00:00Z\"" : "")}} },
          "spec": { "source": { "persistentVolumeClaimName": "data-{{set}}-0" } }, "status": { "readyToUse": {{(isReady ? "true" : "false")}}, "creationTime": "{{createdAt}}" } }
        """);
}
