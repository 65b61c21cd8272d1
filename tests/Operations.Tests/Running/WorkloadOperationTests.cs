using System.Text.Json.Nodes;
using HaCluster.Operations.Alerts;
using HaCluster.Operations.Pools;
using HaCluster.Operations.Running;
using HaCluster.Operations.Tests.Worlds;
using HaCluster.Operations.Workloads;

namespace HaCluster.Operations.Tests.Running;

public sealed class WorkloadOperationTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly WorkloadReference Api = new("shop", "api");
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ha-workload-");
    private readonly FakeWorld world = FakeCluster.Build();
    private readonly FakeMonitoring monitoring = new();

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_workload_is_scaled_and_back_again_by_undo()
    {
        var runner = Runner();
        var done = await runner.RunAsync(new ScaleWorkload(Api, 8, Limit), RunOptions.Default, default);
        Assert.Contains(new OperationChange("deployment/shop/api", "replicas", "6", "8"), done.Changes);
        Assert.Equal(8, Replicas("api"));
        await runner.UndoAsync(done.Id, RunOptions.Default, default);
        Assert.Equal(6, Replicas("api"));
    }

    [Fact]
    public async Task A_scale_beyond_the_quota_is_refused_and_says_what_would_fit()
    {
        Put("resourcequotas", "quota", """{"spec":{"hard":{"requests.cpu":"7"}},"status":{"hard":{"requests.cpu":"7"},"used":{"requests.cpu":"6"}}}""");
        var refused = await Assert.ThrowsAsync<OperationRefusedException>(() => Runner().RunAsync(new ScaleWorkload(Api, 10, Limit), new RunOptions { Force = true }, default));
        Assert.Equal("QuotaExceeded", refused.Refusal.Code);
        Assert.Contains("room for 2", refused.Message, StringComparison.Ordinal);
        Assert.Contains("8 replicas would fit", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Set-HaQuota -Namespace shop", refused.Message, StringComparison.Ordinal);
        await Runner().RunAsync(new ScaleWorkload(Api, 8, Limit), RunOptions.Default, default);
    }

    [Fact]
    public async Task What_would_fit_is_decided_by_the_tightest_limit_of_a_quota()
    {
        Put("resourcequotas", "quota", """{"spec":{"hard":{"pods":"13","requests.cpu":"20"}},"status":{"hard":{"limits.cpu":"9","pods":"13","requests.cpu":"20"},"used":{"limits.cpu":"6","pods":"12","requests.cpu":"6"}}}""");
        var refused = await Assert.ThrowsAsync<OperationRefusedException>(() => Runner().RunAsync(new ScaleWorkload(Api, 40, Limit), RunOptions.Default, default));
        Assert.Single(refused.Plan.Refusals);
        Assert.Contains("room for 1: pods is 12 of 13", refused.Message, StringComparison.Ordinal);
        Assert.Contains("requests.cpu (28)", refused.Message, StringComparison.Ordinal);
        Assert.Contains("7 replicas would fit", refused.Message, StringComparison.Ordinal);
        await Runner().RunAsync(new ScaleWorkload(Api, 7, Limit), RunOptions.Default, default);
    }

    [Theory]
    [InlineData("{}", "HorizontalPodAutoscaler shop/api")]
    [InlineData("""{"scaledobject.keda.sh/name":"api-scaler"}""", "KEDA ScaledObject shop/api-scaler")]
    public async Task Replicas_that_an_autoscaler_owns_are_not_set(string labels, string owner)
    {
        Put("horizontalpodautoscalers", "api", """{"spec":{"minReplicas":3,"maxReplicas":9,"scaleTargetRef":{"kind":"Deployment","name":"api"}}}""")["metadata"]!["labels"] = JsonNode.Parse(labels);
        var refused = await Assert.ThrowsAsync<OperationRefusedException>(() => Runner().RunAsync(new ScaleWorkload(Api, 8, Limit), RunOptions.Default, default));
        Assert.Contains($"{owner} (3 to 9)", refused.Message, StringComparison.Ordinal);
        await Runner().RunAsync(new ScaleWorkload(Api, 8, Limit), new RunOptions { Force = true }, default);
    }

    [Fact]
    public async Task A_workload_that_does_not_exist_is_refused_with_those_that_do()
    {
        var refused = await Assert.ThrowsAsync<OperationRefusedException>(() => Runner().RunAsync(new ScaleWorkload(new("shop", "aip"), 1, Limit), RunOptions.Default, default));
        Assert.Contains("api, ledger, web", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restart_replaces_every_pod_once()
    {
        var before = Uids("web");
        var result = await Runner().RunAsync(new RestartWorkload("shop", "web", null, Limit), RunOptions.Default, default);
        Assert.Equal(OperationState.Succeeded, result.State);
        Assert.Empty(before.Intersect(Uids("web")));
        Assert.Equal(3, Uids("web").Count);
    }

    [Fact]
    public async Task An_image_that_never_becomes_ready_is_rolled_back_by_itself()
    {
        world.BadImages.Add("api:bad");
        var result = await Runner().RunAsync(new UpdateWorkload(Api, "api:bad", null, Limit, TimeSpan.FromSeconds(5)), RunOptions.Default, default);
        Assert.Equal(OperationState.RolledBack, result.State);
        Assert.Contains(result.Warnings, warning => warning.Contains("CrashLoopBackOff", StringComparison.Ordinal));
        Assert.All(Pods("api"), pod => Assert.Equal("api:1", pod["spec"]!["containers"]![0]!["image"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_rollback_that_is_killed_goes_on_as_a_rollback()
    {
        world.BadImages.Add("api:bad");
        // The first change sets the image, the second sets it back.
        var process = new FakeProcess(world, folder.FullName, new Faults { KillBeforeChange = 2 });
        await Assert.ThrowsAnyAsync<ProcessKilledException>(() => process.Runner.RunAsync(new UpdateWorkload(Api, "api:bad", null, Limit, TimeSpan.FromSeconds(5)), RunOptions.Default, default));
        var open = Assert.Single(await Runner().ListAsync(default));
        var result = await Runner().ResumeAsync(open.Id, RunOptions.Default, default);
        Assert.Equal(OperationState.RolledBack, result.State);
        Assert.All(Pods("api"), pod => Assert.Equal("api:1", pod["spec"]!["containers"]![0]!["image"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("errors", 0.05, OperationState.RolledBack)]
    [InlineData("errors", 0.001, OperationState.Succeeded)]
    [InlineData("latency", 2.0, OperationState.RolledBack)]
    [InlineData("latency", 0.1, OperationState.Succeeded)]
    public async Task An_update_that_makes_requests_fail_or_slow_is_rolled_back(string measure, double value, OperationState wanted)
    {
        var options = new RunOptions { OnEvent = happened => { if (happened is StepChanged { Step: { State: StepState.Done } step } && step.Id.StartsWith("rollout", StringComparison.Ordinal)) monitoring.Values[measure] = value; } };
        monitoring.Values["errors"] = 0.0;
        monitoring.Values["latency"] = 0.1;
        var result = await Runner().RunAsync(new UpdateWorkload(Api, "api:2", null, Limit, TimeSpan.FromSeconds(10), 0.01, TimeSpan.FromSeconds(1)), options, default);
        Assert.Equal(wanted, result.State);
    }

    [Fact]
    public async Task A_quota_is_changed_and_one_below_its_use_is_refused()
    {
        Put("resourcequotas", "quota", """{"spec":{"hard":{"requests.cpu":"7","pods":"50"}},"status":{"hard":{"requests.cpu":"7"},"used":{"requests.cpu":"6"}}}""");
        var done = await Runner().RunAsync(new SetQuota("shop", null, new Dictionary<string, string> { ["requests.cpu"] = "12" }), RunOptions.Default, default);
        Assert.Contains(new OperationChange("resourcequota/shop/quota", "requests.cpu", "7", "12"), done.Changes);
        Assert.Equal("50", world.Find("resourcequotas", "shop", "quota")!["spec"]!["hard"]!["pods"]!.GetValue<string>());
        var refused = await Assert.ThrowsAsync<OperationRefusedException>(() => Runner().RunAsync(new SetQuota("shop", null, new Dictionary<string, string> { ["requests.cpu"] = "5" }), RunOptions.Default, default));
        Assert.Equal("QuotaBelowUse", refused.Refusal.Code);
        refused = await Assert.ThrowsAsync<OperationRefusedException>(() => Runner().RunAsync(new SetQuota("shop", null, new Dictionary<string, string> { ["requests.cpu"] = "many" }), RunOptions.Default, default));
        Assert.Equal("QuantityNotValid", refused.Refusal.Code);
    }

    [Theory]
    [InlineData("50Gi", true, "VolumeShrinks")]
    [InlineData("200Gi", false, "ClassNotExpandable")]
    [InlineData("much", true, "QuantityNotValid")]
    public async Task A_volume_only_grows_and_only_where_its_class_allows_it(string size, bool allowed, string code)
    {
        Volume(allowed);
        var refused = await Assert.ThrowsAsync<OperationRefusedException>(() => Runner().RunAsync(new ResizeVolume("shop", "data", size, Limit), new RunOptions { Force = true }, default));
        Assert.Equal(code, refused.Refusal.Code);
    }

    [Fact]
    public async Task A_volume_is_grown_and_waited_for()
    {
        Volume(allowed: true);
        var options = new RunOptions { OnEvent = happened => { if (happened is StepProgress) world.Find("persistentvolumeclaims", "shop", "data")!["status"]!["capacity"]!["storage"] = "200Gi"; } };
        var done = await Runner().RunAsync(new ResizeVolume("shop", "data", "200Gi", Limit), options, default);
        Assert.Contains(new OperationChange("persistentvolumeclaim/shop/data", "size", "100Gi", "200Gi"), done.Changes);
    }

    [Fact]
    public async Task A_pool_that_the_service_quota_does_not_allow_is_refused_and_says_what_would_fit()
    {
        var process = new FakeProcess(world, folder.FullName);
        process.Aws.VirtualCpuLimit = 28;
        // Six nodes of four vCPUs run; one of four more fits, in one of three groups.
        var plan = await process.Runner.PlanAsync(new ScaleNodePool("general", 3, null, null, Limit), default);
        var refusal = Assert.Single(plan.Refusals);
        Assert.Equal("ServiceQuotaExceeded", refusal.Code);
        Assert.Contains("allows 28 vCPUs, this cluster uses 24 and needs 12 more", refusal.Reason, StringComparison.Ordinal);
        Assert.Contains("Request-HaServiceQuota", refusal.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pool_is_not_made_smaller_than_the_rest_can_bear()
    {
        var process = new FakeProcess(world, folder.FullName);
        process.Prover.Blockers.Add(new SafetyBlocker("shop/api", "", "", "shop/api does not fit"));
        var plan = await process.Runner.PlanAsync(new ScaleNodePool("general", 1, null, null, Limit), default);
        Assert.Contains(plan.Refusals, refusal => refusal is { Code: "RestWouldNotHold", Forceable: true });
    }

    [Fact]
    public async Task An_alert_is_silenced_once_and_the_silence_removed()
    {
        var request = new SetAlertSilence("PodCrashLooping", TimeSpan.FromHours(1), "known", new Dictionary<string, string>());
        await Runner().RunAsync(request, RunOptions.Default, default);
        var silence = Assert.Single(monitoring.Silences);
        Assert.Equal(["alertname=\"PodCrashLooping\""], silence.Matchers);
        await Runner().RunAsync(new RemoveAlertSilence("PodCrashLooping"), RunOptions.Default, default);
        Assert.Equal("expired", Assert.Single(monitoring.Silences).State);
        var refused = await Assert.ThrowsAsync<OperationRefusedException>(() => Runner().RunAsync(new RemoveAlertSilence("PodCrashLooping"), RunOptions.Default, default));
        Assert.Equal(FailureKind.NotFound, refused.Kind);
    }

    [Fact]
    public async Task A_test_alert_reaches_alertmanager()
    {
        var result = await Runner().RunAsync(new SendTestAlert("critical"), RunOptions.Default, default);
        Assert.Equal(OperationState.Succeeded, result.State);
        Assert.Equal("critical", Assert.Single(monitoring.Alerts).Severity);
    }

    private OperationRunner Runner() => new FakeProcess(world, folder.FullName, monitoring: monitoring).Runner;

    private int Replicas(string name) => world.Find("deployments", "shop", name)!["spec"]!["replicas"]!.GetValue<int>();

    private List<JsonObject> Pods(string app) => [.. world.All("pods").Where(pod => pod["metadata"]!["labels"]!["app"]!.GetValue<string>() == app)];

    private List<string> Uids(string app) => [.. Pods(app).Select(pod => pod["metadata"]!["uid"]!.GetValue<string>())];

    private void Volume(bool allowed)
    {
        Put("persistentvolumeclaims", "data", """{"spec":{"storageClassName":"gp3","resources":{"requests":{"storage":"100Gi"}}},"status":{"capacity":{"storage":"100Gi"}}}""");
        var storageClass = JsonNode.Parse($$"""{"metadata":{"name":"gp3"},"provisioner":"ebs.csi.aws.com","allowVolumeExpansion":{{(allowed ? "true" : "false")}}}""")!.AsObject();
        world.Put("storageclasses", storageClass);
    }

    private JsonObject Put(string plural, string name, string json)
    {
        var subject = JsonNode.Parse(json)!.AsObject();
        subject["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "shop" };
        return world.Put(plural, subject);
    }
}
