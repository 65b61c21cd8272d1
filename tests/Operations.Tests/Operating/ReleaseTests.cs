using HaCluster.Operations.Running;
using HaCluster.Operations.Tests.Worlds;
using HaCluster.Operations.Workloads;

namespace HaCluster.Operations.Tests.Operating;

/// <summary>Updates that are watched, and returns to earlier revisions.</summary>
public sealed class ReleaseTests : OperatingTests
{
    private static readonly WorkloadReference Web = new("shop", "web");
    private static readonly TimeSpan Watch = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_workload_returns_to_the_revision_before_and_undo_goes_forward_again()
    {
        Keep("web-old", 3, "web:0");
        Keep("web-older", 2, "web:older");
        Keep("web-now", 4, "web:1");
        var result = await RunAsync(new UndoWorkload(Web, null, Limit));
        Assert.Contains(new OperationChange("deployment/shop/web", "images", "web:1", "web:0"), result.Changes);
        Assert.All(Pods("web"), pod => Assert.Equal("web:0", Image(pod)));
        await Runner.UndoAsync(result.Id, RunOptions.Default, default);
        Assert.Equal("web:1", Image(Find("deployments", "shop", "web")!["spec"]!["template"]!));
    }

    [Theory]
    [InlineData(2L, "web:older")]
    [InlineData(3L, "web:0")]
    public async Task A_revision_is_chosen_by_its_number(long revision, string image)
    {
        Keep("web-old", 3, "web:0");
        Keep("web-older", 2, "web:older");
        Keep("web-now", 4, "web:1");
        await RunAsync(new UndoWorkload(Web, revision, Limit));
        Assert.All(Pods("web"), pod => Assert.Equal(image, Image(pod)));
    }

    [Theory]
    [InlineData(9L, true, "web has no revision 9", "It has 4 (web:1), 3 (web:0); the current one is 4")]
    [InlineData(null, false, "has no earlier revision than 4 (web:1)", "It has 4 only")]
    public async Task A_revision_that_is_not_kept_is_refused_with_those_that_are(long? revision, bool hasOlder, string reason, string advice)
    {
        Keep("web-now", 4, "web:1");
        if (hasOlder)
            Keep("web-old", 3, "web:0");
        var refusal = await RefusedAsync(new UndoWorkload(Web, revision, Limit));
        Assert.Equal("RevisionUnknown", refusal.Code);
        Assert.Contains(reason, refusal.Reason, StringComparison.Ordinal);
        Assert.Contains(advice, refusal.Advice, StringComparison.Ordinal);
    }

    /// <summary>kubectl rollout undo goes back and forth between the last two.</summary>
    [Fact]
    public async Task Undo_after_undo_goes_one_revision_further_back_each_time_and_ends_at_the_oldest()
    {
        Keep("web-a", 1, "web:a", minute: 1);
        Keep("web-b", 2, "web:b", minute: 2);
        Keep("web-c", 3, "web:1", minute: 3);

        await RunAsync(new UndoWorkload(Web, null, Limit));
        Assert.Equal("web:b", Image(Find("deployments", "shop", "web")!["spec"]!["template"]!));
        Renumber("web-b", 4, earlier: "2");
        await RunAsync(new UndoWorkload(Web, null, Limit));
        Assert.Equal("web:a", Image(Find("deployments", "shop", "web")!["spec"]!["template"]!));
        Renumber("web-a", 5, earlier: "1");

        var refusal = await RefusedAsync(new UndoWorkload(Web, null, Limit));
        Assert.Contains("5 (web:a)", refusal.Reason, StringComparison.Ordinal);
        Assert.Contains("5 (web:a), 4 (web:b), 3 (web:1)", refusal.Advice, StringComparison.Ordinal);
        // Forward again only by name.
        await RunAsync(new UndoWorkload(Web, 3, Limit));
        Assert.Equal("web:1", Image(Find("deployments", "shop", "web")!["spec"]!["template"]!));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_revision_that_somebody_returned_from_is_not_what_undo_goes_to(bool hasTimes)
    {
        // Released, replaced by a bad one, returned to: kubectl rollout undo would go to the bad one.
        Keep("web-a", 1, "web:a", minute: hasTimes ? 1 : null);
        Keep("web-good", 4, "web:1", minute: hasTimes ? 2 : null, earlier: "2");
        Keep("web-bad", 3, "web:bad", minute: hasTimes ? 3 : null);
        var plan = await Runner.PlanAsync(new UndoWorkload(Web, null, Limit), default);
        Assert.Contains("from revision 4 (web:1) to 1 (web:a)", plan.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_update_that_is_rolled_back_marks_its_revision_which_undo_then_passes_over()
    {
        Keep("web-a", 1, "web:a", minute: 1);
        Keep("web-b", 2, "web:1", minute: 2);
        World.BadImages.Add("web:bad");
        Keep("web-bad", 3, "web:bad", minute: 3);
        var update = await RunAsync(new UpdateWorkload(Web, "web:bad", null, Limit, Watch));
        Assert.Equal(OperationState.RolledBack, update.State);
        Assert.Equal($"3 {update.Id}", RolledBack("web-bad"));

        // The good one is gone, as after somebody deleted its ReplicaSet, and another was released: the bad one is the next older.
        World.Remove("replicasets", Find("replicasets", "shop", "web-b")!);
        Keep("web-new", 5, "web:1", minute: 4);
        var plan = await Runner.PlanAsync(new UndoWorkload(Web, null, Limit), default);
        Assert.Contains("from revision 5 (web:1) to 1 (web:a)", plan.Summary, StringComparison.Ordinal);

        // It can be named, and the plan says what is known of it.
        Assert.Contains((await Runner.PlanAsync(new UndoWorkload(Web, 3, Limit), default)).Warnings, warning => warning.Contains($"revision 3 (web:bad) was rolled back by operation {update.Id}", StringComparison.Ordinal));

        // Rolled out again later, it has another number, and the mark is void.
        Renumber("web-bad", 4, earlier: "3");
        Assert.Contains("to 4 (web:bad)", (await Runner.PlanAsync(new UndoWorkload(Web, null, Limit), default)).Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revision_that_cannot_be_marked_is_rolled_back_all_the_same()
    {
        World.BadImages.Add("web:bad");
        Keep("web-bad", 3, "web:bad");
        var faults = new Faults { BeforeCall = (_, call) => call.StartsWith("patch replicasets", StringComparison.Ordinal) ? FakeKubernetes.Failure(FailureKind.PermissionDenied, "PATCH replicasets", "web-bad", "forbidden") : null };
        var result = await Process(faults).Runner.RunAsync(new UpdateWorkload(Web, "web:bad", null, Limit, Watch), RunOptions.Default, default);
        Assert.Equal(OperationState.RolledBack, result.State);
        Assert.Equal("web:1", Image(Find("deployments", "shop", "web")!["spec"]!["template"]!));
        Assert.Contains(result.Warnings, warning => warning.Contains("could not be marked as rolled back", StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_an_update_is_stuck_undo_goes_to_the_revision_that_serves()
    {
        Keep("web-good", 1, "web:0", minute: 1, ready: 2);
        // Replaced before it was ever ready.
        Keep("web-never", 2, "web:never", minute: 2);
        Keep("web-now", 3, "web:1", minute: 3);
        var plan = await Runner.PlanAsync(new UndoWorkload(Web, null, Limit), default);
        Assert.Contains("from revision 3 (web:1) to 1 (web:0)", plan.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_return_keeps_the_replicas_that_were_set_meanwhile()
    {
        Keep("web-old", 1, "web:0", minute: 1);
        Keep("web-now", 2, "web:1", minute: 2);
        await RunAsync(new ScaleWorkload(Web, 5, Limit));
        await RunAsync(new UndoWorkload(Web, null, Limit));
        Assert.Equal(5, (int?)Find("deployments", "shop", "web")!["spec"]!["replicas"]);
        Assert.Equal(5, Pods("web").Count(pod => Image(pod) == "web:0"));
    }

    [Fact]
    public async Task A_revision_that_is_deleted_before_the_return_is_undone_is_named_and_the_workload_stays_as_it_is()
    {
        Keep("web-old", 1, "web:0", minute: 1);
        Keep("web-now", 2, "web:1", minute: 2);
        var done = await RunAsync(new UndoWorkload(Web, null, Limit));
        World.Remove("replicasets", Find("replicasets", "shop", "web-now")!);
        var failure = await Assert.ThrowsAsync<OperationFailedException>(() => Runner.UndoAsync(done.Id, RunOptions.Default, default));
        Assert.Contains("revision web-now is no longer kept", failure.Message, StringComparison.Ordinal);
        Assert.All(Pods("web"), pod => Assert.Equal("web:0", Image(pod)));
    }

    [Fact]
    public async Task A_paused_rollout_is_refused_by_all_that_would_wait_for_it()
    {
        Keep("web-old", 1, "web:0");
        Keep("web-now", 2, "web:1");
        Find("deployments", "shop", "web")!["spec"]!["paused"] = true;
        foreach (var request in new OperationRequest[] { new UndoWorkload(Web, null, Limit), new UpdateWorkload(Web, "web:2", null, Limit, Watch), new RestartWorkload("shop", "web", null, Limit) })
        {
            var refusal = await RefusedAsync(request, Forced);
            Assert.Equal("RolloutPaused", refusal.Code);
            Assert.Contains("kubectl rollout resume deployment/web --namespace shop", refusal.Advice, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_revision_that_an_older_server_wrote_with_nulls_is_the_same_template()
    {
        Keep("web-now", 4, "web:1");
        Keep("web-old", 3, "web:0");
        foreach (var set in World.All("replicasets"))
            set["spec"]!["template"]!["metadata"]!["creationTimestamp"] = null;
        await RunAsync(new UndoWorkload(Web, null, Limit));
        Assert.All(Pods("web"), pod => Assert.Equal("web:0", Image(pod)));
    }

    [Fact]
    public async Task A_stateful_set_returns_by_its_controller_revisions()
    {
        foreach (var (name, number, image) in new[] { ("ledger-1", 1, "ledger:0"), ("ledger-2", 2, "ledger:1") })
        {
            var template = Find("statefulsets", "shop", "ledger")!["spec"]!["template"]!.DeepClone();
            template["spec"]!["containers"]![0]!["image"] = image;
            template["$patch"] = "replace";
            Put("controllerrevisions", "shop", name, $$"""{"metadata":{"ownerReferences":[{"kind":"StatefulSet","name":"ledger"}]},"revision":{{number}},"data":{"spec":{"template":{{template.ToJsonString()}} } } }""");
        }
        var plan = await Runner.PlanAsync(new UndoWorkload(new("shop", "ledger"), null, Limit), default);
        Assert.Empty(plan.Refusals);
        Assert.Contains("from revision 2 (ledger:1) to 1 (ledger:0)", plan.Summary, StringComparison.Ordinal);
    }

    private void Keep(string name, int revision, string image, int? minute = null, string? earlier = null, int ready = 0)
    {
        var template = Find("deployments", "shop", "web")!["spec"]!["template"]!.DeepClone();
        template["metadata"]!["labels"]!["pod-template-hash"] = name;
        template["spec"]!["containers"]![0]!["image"] = image;
        Put("replicasets", "shop", name, $$"""
            {"metadata":{"annotations":{},"ownerReferences":[{"kind":"Deployment","name":"web"}]},"spec":{"template":{{template.ToJsonString()}} },"status":{"readyReplicas":{{ready}} } }
            """);
        Renumber(name, revision, earlier);
        if (minute is not null)
            Find("replicasets", "shop", name)!["metadata"]!["creationTimestamp"] = $"2026-11-29T03:{minute:00}:00Z";
    }

    private void Renumber(string name, int revision, string? earlier)
    {
        var annotations = Find("replicasets", "shop", name)!["metadata"]!["annotations"]!;
        annotations["deployment.kubernetes.io/revision"] = $"{revision}";
        annotations["deployment.kubernetes.io/revision-history"] = earlier;
    }

    private string? RolledBack(string name) => (string?)Find("replicasets", "shop", name)!["metadata"]!["annotations"]!["ha-cluster/rolled-back"];
}
