using HaCluster.Operations.Pools;
using HaCluster.Operations.Running;
using HaCluster.Operations.Tests.Worlds;
using HaCluster.Operations.Workloads;

namespace HaCluster.Operations.Tests.Operating;

/// <summary>Sizes: of pools, quotas and volumes.</summary>
public sealed class PoolTests : OperatingTests
{
    private const string GroupA = "general-eu-central-1a";

    [Fact]
    public async Task A_pool_is_resized_in_each_zone_and_back_by_undo()
    {
        var done = await RunAsync(new ScaleNodePool("general", 3, null, 6, Limit));
        Assert.Equal(3, done.Steps.Count);
        Assert.Equal(9, World.All("nodes").Count());
        Assert.Contains(new OperationChange($"nodegroup/{GroupA}", "desired", "2", "3"), done.Changes);
        Assert.Contains(new OperationChange($"nodegroup/{GroupA}", "max", "4", "6"), done.Changes);
        await Runner.UndoAsync(done.Id, RunOptions.Default, default);
        Assert.Equal(6, World.All("nodes").Count());
        Assert.Equal((1, 4), World.SizeOf(GroupA));
    }

    [Fact]
    public async Task One_node_group_of_a_pool_is_resized_alone_and_bounds_without_a_number_keep_it()
    {
        await RunAsync(new ScaleNodePool(GroupA, null, 2, 8, Limit));
        Assert.Equal($"resize {GroupA} 2 2 8", Assert.Single(World.Log));
    }

    [Theory]
    [InlineData(5, null, null)]
    [InlineData(0, null, null)]
    [InlineData(2, 3, null)]
    [InlineData(null, 5, 4)]
    [InlineData(null, -1, null)]
    public async Task Sizes_that_contradict_each_other_are_refused(int? desired, int? min, int? max)
    {
        var refusal = await RefusedAsync(new ScaleNodePool("general", desired, min, max, Limit), Forced);
        Assert.Equal(("SizesNotValid", FailureKind.InvalidInput), (refusal.Code, refusal.Kind));
    }

    [Fact]
    public async Task A_pool_that_does_not_exist_is_refused_with_those_that_do() =>
        Assert.Equal("Available: general", (await RefusedAsync(new ScaleNodePool("genreal", 3, null, null, Limit))).Advice);

    [Theory]
    [InlineData("general", 4, 36, "1 more node per node group would fit")]
    [InlineData("general", 4, 28, "1 more node would fit, in one node group only")]
    [InlineData("general", 4, 24, "No further node fits")]
    [InlineData(GroupA, 4, 28, "1 more node would fit. Request")]
    public async Task A_pool_beyond_the_service_quota_is_refused_with_what_would_fit(string pool, int desired, int limit, string advice)
    {
        var process = Process();
        process.Aws.VirtualCpuLimit = limit;
        var refused = await Assert.ThrowsAsync<OperationRefusedException>(() => process.Runner.RunAsync(new ScaleNodePool(pool, desired, null, null, Limit), Forced, default));
        Assert.Equal(("ServiceQuotaExceeded", FailureKind.Rejected, false), (refused.Refusal.Code, refused.Kind, refused.Refusal.Forceable));
        Assert.Contains(advice, refused.Refusal.Advice, StringComparison.Ordinal);
        Assert.Empty(World.Log);
    }

    [Fact]
    public async Task A_pool_is_filled_up_to_its_service_quota()
    {
        var process = Process();
        process.Aws.VirtualCpuLimit = 36;
        Assert.Equal(OperationState.Succeeded, (await process.Runner.RunAsync(new ScaleNodePool("general", 3, null, null, Limit), RunOptions.Default, default)).State);
    }

    [Fact]
    public async Task A_quota_among_several_is_the_one_that_has_the_resource_and_undo_takes_back_what_was_added()
    {
        Put("resourcequotas", "shop", "compute", """{"spec":{"hard":{"requests.cpu":"8"}},"status":{"hard":{"requests.cpu":"8"},"used":{"requests.cpu":"4"}}}""");
        Put("resourcequotas", "shop", "objects", """{"spec":{"hard":{"pods":"50"}},"status":{"hard":{"pods":"50"},"used":{"pods":"9"}}}""");
        var done = await RunAsync(new SetQuota("shop", null, new Dictionary<string, string> { ["pods"] = "60" }));
        Assert.Equal("60", (string?)Find("resourcequotas", "shop", "objects")!["spec"]!["hard"]!["pods"]);
        Assert.Equal("no setting controls pods of quota shop/objects: if the stack declares it, the next pulumi up resets it", Assert.Single(done.Warnings));
        var added = await RunAsync(new SetQuota("shop", "objects", new Dictionary<string, string> { ["services.loadbalancers"] = "1" }));
        await Runner.UndoAsync(added.Id, RunOptions.Default, default);
        Assert.Equal("""{"pods":"60"}""", Find("resourcequotas", "shop", "objects")!["spec"]!["hard"]!.ToJsonString());
        Assert.Equal("QuotaAmbiguous", (await RefusedAsync(new SetQuota("shop", null, new Dictionary<string, string> { ["services"] = "5" }))).Code);
        Assert.Equal("QuotaUnknown", (await RefusedAsync(new SetQuota("web", null, new Dictionary<string, string> { ["pods"] = "5" }))).Code);
    }

    [Fact]
    public async Task A_quota_below_its_use_is_set_by_force_only_and_the_same_amount_written_otherwise_is_no_change()
    {
        Put("resourcequotas", "shop", "compute", """{"spec":{"hard":{"requests.cpu":"8"}},"status":{"hard":{"requests.cpu":"8"},"used":{"requests.cpu":"4"}}}""");
        var request = new SetQuota("shop", null, new Dictionary<string, string> { ["requests.cpu"] = "3500m" });
        Assert.True((await RefusedAsync(request)).Forceable);
        Assert.Equal("QuotaBelowUse", Assert.Single((await RunAsync(request, Forced)).Overridden).Code);
        Assert.Equal(StepState.Unneeded, Assert.Single((await RunAsync(new SetQuota("shop", null, new Dictionary<string, string> { ["requests.cpu"] = "3.5" }), Forced)).Steps).State);
    }

    [Fact]
    public async Task A_volume_that_the_quota_does_not_allow_to_grow_is_refused()
    {
        Claim();
        Put("resourcequotas", "shop", "storage", """{"status":{"hard":{"requests.storage":"150Gi"},"used":{"requests.storage":"100Gi"}}}""");
        var refusal = await RefusedAsync(new ResizeVolume("shop", "data", "200Gi", Limit), Forced);
        Assert.Equal("QuotaExceeded", refusal.Code);
        Assert.Contains("Set-HaQuota -Namespace shop", refusal.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_volume_that_the_driver_cannot_grow_is_a_failure_with_its_reason()
    {
        Claim();
        var options = new RunOptions
        {
            OnEvent = happened =>
            {
                if (happened is StepProgress)
                    FakeAccess.Change(() => Find("persistentvolumeclaims", "shop", "data")!["status"]!["conditions"] = System.Text.Json.Nodes.JsonNode.Parse("""[{"type":"ControllerResizeError","status":"True","message":"maximum modification rate"}]"""));
            },
        };
        var failure = await Assert.ThrowsAsync<OperationFailedException>(() => RunAsync(new ResizeVolume("shop", "data", "200Gi", Limit), options));
        Assert.Contains("ControllerResizeError: maximum modification rate", failure.Message, StringComparison.Ordinal);
        var undone = await Runner.UndoAsync(failure.Result.Id, RunOptions.Default, default);
        Assert.Contains(undone.Warnings, warning => warning.Contains("cannot be made smaller", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_claim_that_does_not_exist_is_refused_with_those_that_do()
    {
        var refusal = await RefusedAsync(new ResizeVolume("shop", "dta", "200Gi", Limit));
        Assert.Equal("ClaimUnknown", refusal.Code);
        Assert.Contains("data-ledger-0", refusal.Advice, StringComparison.Ordinal);
    }

    private void Claim()
    {
        Put("persistentvolumeclaims", "shop", "data", """{"spec":{"storageClassName":"gp3","resources":{"requests":{"storage":"100Gi"}}},"status":{"capacity":{"storage":"100Gi"}}}""");
        Put("storageclasses", null, "gp3", """{"provisioner":"ebs.csi.aws.com","allowVolumeExpansion":true}""");
    }
}
