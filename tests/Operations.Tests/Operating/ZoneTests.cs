using HaCluster.Operations.Databases;
using HaCluster.Operations.Running;
using HaCluster.Operations.Tests.Worlds;
using HaCluster.Operations.Zones;

namespace HaCluster.Operations.Tests.Operating;

public sealed class ZoneTests : OperatingTests
{
    private const string A = "eu-central-1a";
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Replicas_with_their_volume_in_the_zone_start_anew_elsewhere_where_that_is_asked_for()
    {
        GiveLedgerClaims();
        var others = UidsOfClaims(1, 2);
        var result = await RunAsync(new SwitchZone(A, Hour, RebuildReplicas: true));
        Assert.Equal(OperationState.Succeeded, result.State);
        Assert.Equal(["rebuild/shop/ledger-0"], result.Steps.Where(step => step.Id.StartsWith("rebuild/", StringComparison.Ordinal)).Select(step => step.Id));
        Assert.Equal("delete persistentvolumeclaims shop/data-ledger-0", Assert.Single(World.Log, line => line.StartsWith("delete persistentvolumeclaims", StringComparison.Ordinal)));
        Assert.NotEqual(A, FakeWorld.ZoneOf(World.Find("nodes", null, (string)Find("pods", "shop", "ledger-0")!["spec"]!["nodeName"]!)!));
        Assert.Equal(others, UidsOfClaims(1, 2));
    }

    [Fact]
    public async Task Without_being_asked_a_replica_waits_for_its_zone_and_its_volume_is_kept()
    {
        GiveLedgerClaims();
        var result = await RunAsync(new SwitchZone(A, Hour));
        Assert.Contains(result.Warnings, warning => warning.Contains("ledger-0 stays Pending: its volume is in zone eu-central-1a", StringComparison.Ordinal));
        Assert.NotNull(Find("persistentvolumeclaims", "shop", "data-ledger-0"));
    }

    [Fact]
    public async Task A_volume_that_may_be_the_last_good_copy_is_not_given_up()
    {
        GiveLedgerClaims();
        SetReady("ledger-2", false);
        var refusal = await RefusedAsync(new SwitchZone(A, Hour, RebuildReplicas: true));
        Assert.Equal(("NotRedundant", "shop/ledger-2", true), (refusal.Code, refusal.Pod, refusal.Forceable));
    }

    [Fact]
    public async Task A_return_restarts_only_what_left_the_zone_empty_where_that_is_asked_for()
    {
        await RunAsync(new SwitchZone(A, Hour));
        Assert.DoesNotContain(World.All("pods"), pod => ZoneOf("web", pod) == A);
        World.Log.Clear();
        var plain = await Runner.PlanAsync(new RestoreZone(A), default);
        Assert.DoesNotContain(plain.Steps, step => step.Id.StartsWith("restart/", StringComparison.Ordinal));

        var result = await RunAsync(new RestoreZone(A, Rebalance: true));

        Assert.Equal(OperationState.Succeeded, result.State);
        Assert.Equal(["restart/Deployment/shop/api", "restart/Deployment/shop/web"], result.Steps.Where(step => step.Id.StartsWith("restart/", StringComparison.Ordinal)).Select(step => step.Id));
        Assert.Contains(World.All("pods"), pod => ZoneOf("api", pod) == A);
        // Traffic comes last, when pods can be there.
        Assert.True(World.Log.FindLastIndex(line => line.StartsWith("patch deployments", StringComparison.Ordinal)) < World.Log.FindIndex(line => line.StartsWith("end shift", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_deployment_that_has_a_pod_in_the_zone_or_too_few_replicas_is_left_alone()
    {
        Put("deployments", "shop", "tiny", """
            {"apiVersion":"apps/v1","kind":"Deployment","spec":{"replicas":1,"selector":{"matchLabels":{"app":"tiny"}},"template":{"metadata":{"labels":{"app":"tiny"}},"spec":{"containers":[{"name":"main","image":"tiny:1"}]}}}}
            """);
        var plan = await Runner.PlanAsync(new RestoreZone(A, Rebalance: true), default);
        Assert.DoesNotContain(plan.Steps, step => step.Id.StartsWith("restart/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_zone_that_is_shifted_already_is_refused_with_the_end_of_the_shift()
    {
        await RunAsync(new StartZoneShift(A, Hour, "slow disks"));
        var refusal = await RefusedAsync(new StartZoneShift(A, Hour), Forced);
        Assert.Equal(("ZoneAlreadyShifted", FailureKind.AlreadyExists), (refusal.Code, refusal.Kind));
        Assert.Contains("until 2026-11-29 04:", refusal.Reason, StringComparison.Ordinal);
        Assert.Contains("slow disks", refusal.Reason, StringComparison.Ordinal);
        Assert.Contains("Stop-HaZoneShift eu-central-1a", refusal.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_shifted_yet_is_shifted_beside_what_is_and_an_evacuation_goes_on_from_a_shift()
    {
        await RunAsync(new StartZoneShift(A, Hour));
        World.Shifts[0].Status = "CANCELED";
        Assert.Equal(1, (await RunAsync(new StartZoneShift(A, Hour))).Steps.Count(step => step.State == StepState.Done));
        Assert.Equal(2, (await RunAsync(new SwitchZone(A, Hour))).Steps.Count(step => step.Id.StartsWith("shift/", StringComparison.Ordinal) && step.State == StepState.Unneeded));
    }

    [Fact]
    public async Task A_shift_that_somebody_else_started_is_used_and_not_ended_by_undo()
    {
        ShiftAsSomebodyElse(FakeCluster.ClusterArn, "euc1-az2");
        ShiftAsSomebodyElse(FakeCluster.BalancerArn, "euc1-az2");

        var result = await RunAsync(new SwitchZone(A, Hour));

        Assert.Equal([StepState.Unneeded, StepState.Unneeded], result.Steps.Where(step => step.Id.StartsWith("shift/", StringComparison.Ordinal)).Select(step => step.State));
        Assert.DoesNotContain(World.Log, line => line.StartsWith("shift ", StringComparison.Ordinal));
        await Runner.UndoAsync(result.Id, RunOptions.Default, default);
        Assert.Equal(2, World.Shifts.Count(shift => shift is { Status: "ACTIVE", Comment: "practice run" }));
        // Who returns to the zone wants traffic there, whoever sent it away.
        await RunAsync(new SwitchZone(A, Hour));
        await RunAsync(new RestoreZone(A));
        Assert.DoesNotContain(World.Shifts, shift => shift.Status == "ACTIVE");
    }

    [Fact]
    public async Task A_shift_that_somebody_else_starts_just_before_is_taken_for_done_and_not_ended_by_undo()
    {
        var wasQuicker = false;
        var process = Process(new Faults
        {
            BeforeCall = (_, call) =>
            {
                if (!wasQuicker && call == $"shift {FakeCluster.ClusterArn} euc1-az2")
                {
                    wasQuicker = true;
                    ShiftAsSomebodyElse(FakeCluster.ClusterArn, "euc1-az2");
                }
                return null;
            },
        });

        var result = await process.Runner.RunAsync(new SwitchZone(A, Hour), RunOptions.Default, default);
        Assert.Equal((OperationState.Succeeded, true), (result.State, wasQuicker));
        Assert.Equal(1, World.Log.Count(line => line.StartsWith("shift ", StringComparison.Ordinal)));

        var undone = await Runner.UndoAsync(result.Id, RunOptions.Default, default);

        Assert.Equal((OperationState.Undone, "practice run"), (undone.State, Assert.Single(World.Shifts, shift => shift.Status == "ACTIVE").Comment));
        Assert.Contains(undone.Warnings, warning => warning.Contains("someone else started that shift (practice run)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_shift_that_somebody_else_started_away_from_another_zone_refuses_an_evacuation_and_no_force_overrides_it()
    {
        ShiftAsSomebodyElse(FakeCluster.BalancerArn, "euc1-az3");
        var refused = await Assert.ThrowsAsync<OperationRefusedException>(() => RunAsync(new SwitchZone(A, Hour), Forced));
        Assert.Equal(("ShiftedElsewhere", false), (refused.Refusal.Code, refused.Refusal.Forceable));
        Assert.Contains("edge is shifted away from euc1-az3 until", refused.Refusal.Reason, StringComparison.Ordinal);
        Assert.Empty(World.Log);
    }

    [Fact]
    public async Task What_has_come_up_since_the_operation_began_is_overridden_by_force_of_whoever_resumes_and_by_nothing_else()
    {
        GiveLedgerClaims();
        var id = await KilledBeforeRebuildAsync();
        SetReady("ledger-2", false);

        var failure = await Assert.ThrowsAsync<OperationFailedException>(() => Process(@operator: "bob@desk").Runner.ResumeAsync(id, RunOptions.Default, default));
        Assert.Contains("shop/ledger-2 of the same set is not ready", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(World.Log, line => line.StartsWith("delete persistentvolumeclaims", StringComparison.Ordinal));

        // It is ready again afterwards, so that the last step need not wait for it.
        var forced = Process(new Faults { AfterChange = (_, call) => { if (call.StartsWith("delete persistentvolumeclaims", StringComparison.Ordinal)) SetReady("ledger-2", true); return null; } }, "bob@desk");
        var result = await forced.Runner.ResumeAsync(id, Forced, default);

        Assert.Equal(OperationState.Succeeded, result.State);
        Assert.Contains(result.Warnings, warning => warning.StartsWith("-Force of bob@desk overrode: pod shop/ledger-2", StringComparison.Ordinal));
        Assert.Contains("delete persistentvolumeclaims shop/data-ledger-0", World.Log);
    }

    [Fact]
    public async Task What_was_overridden_when_the_operation_began_stays_so_when_it_is_resumed()
    {
        GiveLedgerClaims();
        SetReady("ledger-2", false);
        // The eviction of the set waits for it.
        var id = await KilledBeforeRebuildAsync(onStarted: () => SetReady("ledger-2", true));
        Assert.Contains("NotRedundant", Assert.Single(await Runner.ListAsync(default)).Overridden.Select(refusal => refusal.Code));
        SetReady("ledger-2", false);

        Assert.Equal(OperationState.Succeeded, (await Runner.ResumeAsync(id, RunOptions.Default, default)).State);

        Assert.Contains("delete persistentvolumeclaims shop/data-ledger-0", World.Log);
    }

    [Fact]
    public async Task Force_on_resume_overrides_nothing_that_no_force_may_override()
    {
        var process = Process(new Faults { KillBeforeChange = 2 });
        await Assert.ThrowsAnyAsync<Exception>(() => process.Runner.RunAsync(new StartZoneShift(A, Hour), RunOptions.Default, default));
        ShiftAsSomebodyElse(FakeCluster.BalancerArn, "euc1-az3");
        var failure = await Assert.ThrowsAsync<OperationFailedException>(async () => await Runner.ResumeAsync((await Runner.ListAsync(default)).Single().Id, Forced, default));
        Assert.Contains("AWS allows one shift per resource", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shift_of_another_cluster_of_the_account_says_nothing_of_this_one()
    {
        World.Shifts.Add(new() { Id = "shift-x", Resource = "arn:aws:eks:eu-central-1:1:cluster/other", ZoneId = "euc1-az3", ExpiresAt = DateTimeOffset.MaxValue });
        var plan = await Runner.PlanAsync(new FailOverDatabase("payments", "payments-b", Limit), default);
        Assert.Empty(plan.Refusals);
        World.Shifts[0].Resource = FakeCluster.ClusterArn;
        plan = await Runner.PlanAsync(new FailOverDatabase("payments", "payments-b", Limit), default);
        Assert.Equal("ReaderInAvoidedZone", Assert.Single(plan.Refusals).Code);
    }

    /// <summary>An evacuation whose process dies when all but the rebuild is done. Who began it has overridden what the prover had against it.</summary>
    private async Task<string> KilledBeforeRebuildAsync(Action? onStarted = null)
    {
        var process = Process(new Faults { BeforeCall = (_, call) => call.StartsWith("delete persistentvolumeclaims", StringComparison.Ordinal) ? new ProcessKilledException() : null });
        process.Prover.Blockers.Add(new SafetyBlocker("shop/api", "", "", "1 of 6 replicas would stay ready"));
        await Assert.ThrowsAnyAsync<Exception>(() => process.Runner.RunAsync(new SwitchZone(A, Hour, RebuildReplicas: true), Forced with { OnEvent = happened => { if (happened is OperationStarted) onStarted?.Invoke(); } }, default));
        var open = Assert.Single(await Runner.ListAsync(default));
        Assert.NotEmpty(open.Overridden);
        return open.Id;
    }

    /// <summary>The pod runs; whether it is ready, its image decides.</summary>
    private void SetReady(string pod, bool isReady) => FakeAccess.Change(() =>
    {
        World.BadImages.Add("broken:1");
        var found = Find("pods", "shop", pod)!;
        found["spec"]!["containers"]![0]!["image"] = isReady ? "ledger:1" : "broken:1";
        found["status"]!["conditions"]![0]!["status"] = isReady ? "True" : "False";
    });

    private void ShiftAsSomebodyElse(string resource, string zoneId) => World.Shifts.Add(new()
    {
        Id = $"shift-of-another-{World.Shifts.Count}",
        Resource = resource,
        ZoneId = zoneId,
        Comment = "practice run",
        ExpiresAt = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero),
    });

    private string? ZoneOf(string app, System.Text.Json.Nodes.JsonObject pod) =>
        (string?)pod["metadata"]!["labels"]!["app"] == app && (string?)pod["spec"]!["nodeName"] is { } node ? FakeWorld.ZoneOf(World.Find("nodes", null, node)!) : null;

    private List<string?> UidsOfClaims(params int[] ordinals) => [.. ordinals.Select(at => (string?)Find("persistentvolumeclaims", "shop", $"data-ledger-{at}")!["metadata"]!["uid"])];

    /// <summary>Its set makes the claims; only then may they be given up.</summary>
    private void GiveLedgerClaims() => Find("statefulsets", "shop", "ledger")!["spec"]!["volumeClaimTemplates"] =
        System.Text.Json.Nodes.JsonNode.Parse("""[{"metadata":{"name":"data"},"spec":{"resources":{"requests":{"storage":"10Gi"}}}}]""");
}
