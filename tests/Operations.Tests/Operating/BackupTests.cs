using HaCluster.Operations.Backups;
using HaCluster.Operations.Running;
using HaCluster.Operations.Tests.Worlds;

namespace HaCluster.Operations.Tests.Operating;

public sealed class BackupTests : OperatingTests
{
    private const string Schedule = """{"spec":{"schedule":"0 1 * * *","template":{"includedNamespaces":["*"],"excludedNamespaces":["kube-system"],"ttl":"720h0m0s","snapshotVolumes":true}}}""";

    [Fact]
    public async Task A_backup_is_taken_as_its_schedule_would_and_waited_for()
    {
        Put("schedules", "platform", "velero-volumes", Schedule);
        Put("schedules", "platform", "velero-objects", Schedule);
        var result = await RunAsync(new StartBackup("cluster", null, Limit));
        Assert.Equal(OperationState.Succeeded, result.State);
        var backup = Assert.Single(World.All("backups"));
        Assert.StartsWith("velero-volumes-2026", FakeWorld.Name(backup), StringComparison.Ordinal);
        Assert.Equal("platform", (string?)backup["metadata"]!["namespace"]);
        Assert.Equal("velero-volumes", (string?)backup["metadata"]!["labels"]!["velero.io/schedule-name"]);
        Assert.Equal("720h0m0s", (string?)backup["spec"]!["ttl"]);
        Assert.Contains(new OperationChange($"backup/{FakeWorld.Name(backup)}", "phase", "none", "Completed"), result.Changes);
    }

    [Theory]
    [InlineData("FailedValidation", "storage location is not available")]
    [InlineData("Failed", "Velero says Failed")]
    public async Task A_backup_that_fails_is_a_failure_with_veleros_reason(string phase, string reason)
    {
        Put("schedules", "platform", "velero-volumes", Schedule);
        World.VeleroEnds = phase;
        var failure = await Assert.ThrowsAsync<OperationFailedException>(() => RunAsync(new StartBackup("cluster", "velero-volumes", Limit)));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.Equal(OperationState.Failed, failure.Result.State);
    }

    [Fact]
    public async Task A_backup_of_which_a_part_failed_is_done_with_a_warning()
    {
        Put("schedules", "platform", "velero-volumes", Schedule);
        World.VeleroEnds = "PartiallyFailed";
        var result = await RunAsync(new StartBackup("cluster", null, Limit));
        Assert.Equal(OperationState.Succeeded, result.State);
        Assert.Contains(result.Warnings, warning => warning.Contains("PartiallyFailed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_killed_backup_goes_on_with_the_one_that_was_begun()
    {
        Put("schedules", "platform", "velero-volumes", Schedule);
        await Assert.ThrowsAnyAsync<ProcessKilledException>(() => Process(new Faults { KillAfterChange = 1 }).Runner.RunAsync(new StartBackup("cluster", null, Limit), RunOptions.Default, default));
        var open = Assert.Single(await Runner.ListAsync(default));
        Assert.Equal(OperationState.Succeeded, (await Runner.ResumeAsync(open.Id, RunOptions.Default, default)).State);
        Assert.Single(World.All("backups"));
    }

    [Theory]
    [InlineData("cluster", "nightly", "BackupUnknown", "velero-volumes")]
    [InlineData("chains", "dogecoin", "BackupUnknown", "bitcoin")]
    [InlineData("databases", "ledger", "BackupUnknown", "payments")]
    [InlineData("logs", null, "BackupUnknown", "ha-cluster:logging")]
    [InlineData("everything", null, "ScopeUnknown", "cluster, chains, databases or logs")]
    public async Task What_cannot_be_backed_up_is_refused_with_what_can(string scope, string? name, string code, string advice)
    {
        Put("schedules", "platform", "velero-volumes", Schedule);
        Put("cronjobs", "chains", "bitcoin-snapshots", """{"spec":{"jobTemplate":{"spec":{}}}}""");
        var refusal = await RefusedAsync(new StartBackup(scope, name, Limit), Forced);
        Assert.Equal(code, refusal.Code);
        Assert.Contains(advice, refusal.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 2)]
    [InlineData("bitcoin", 1)]
    [InlineData("ethereum-geth", 1)]
    public async Task Snapshots_of_chains_are_taken_by_their_job(string? name, int jobs)
    {
        foreach (var chain in new[] { "bitcoin", "ethereum" })
            Put("cronjobs", "chains", $"{chain}-snapshots", """{"spec":{"jobTemplate":{"metadata":{"labels":{"a":"b"}},"spec":{"backoffLimit":3}}}}""");
        Put("cronjobs", "chains", "bitcoin-volumes", """{"spec":{"jobTemplate":{"spec":{}}}}""");
        var result = await RunAsync(new StartBackup("chains", name, Limit));
        Assert.Equal(jobs, World.All("jobs").Count());
        Assert.All(World.All("jobs"), job =>
        {
            Assert.Contains("-snapshots-2026", FakeWorld.Name(job), StringComparison.Ordinal);
            Assert.Equal(("manual", "b", 3), ((string?)job["metadata"]!["annotations"]!["cronjob.kubernetes.io/instantiate"], (string?)job["metadata"]!["labels"]!["a"], (int?)job["spec"]!["backoffLimit"]));
        });
        Assert.Equal(OperationState.Succeeded, result.State);
    }

    [Fact]
    public async Task A_job_that_fails_is_a_failure_that_says_where_its_log_is()
    {
        Put("cronjobs", "chains", "bitcoin-snapshots", """{"spec":{"jobTemplate":{"spec":{}}}}""");
        World.BadJobs.Add("bitcoin-snapshots");
        var failure = await Assert.ThrowsAsync<OperationFailedException>(() => RunAsync(new StartBackup("chains", "bitcoin", Limit)));
        Assert.Contains("reached the specified backoff limit; kubectl -n chains logs job/bitcoin-snapshots-", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_snapshot_of_each_database_is_taken_and_waited_for()
    {
        var result = await RunAsync(new StartBackup("databases", null, Limit));
        var snapshot = Assert.Single(World.Snapshots);
        Assert.StartsWith("payments-manual-2026", snapshot.Id, StringComparison.Ordinal);
        Assert.Equal(("payments", "test", "available"), (snapshot.Database, snapshot.Cluster, snapshot.Status));
        Assert.Contains(new OperationChange($"database snapshot/{snapshot.Id}", "snapshot", "none", "available"), result.Changes);
    }

    [Fact]
    public async Task A_snapshot_whose_response_was_lost_is_not_taken_again()
    {
        var faults = new Faults { AfterChange = (change, _) => change == 1 ? new HaClusterException(FailureKind.Unreachable, "RDS CreateDBClusterSnapshot", "payments", "the connection broke", "") : null };
        Assert.Equal(OperationState.Succeeded, (await Process(faults).Runner.RunAsync(new StartBackup("databases", "PAYMENTS", Limit), RunOptions.Default, default)).State);
        Assert.Single(World.Snapshots);
    }

    [Fact]
    public async Task An_instance_outside_database_clusters_is_refused_by_name_and_named_when_all_are_meant()
    {
        World.SingleDatabases = ["reports"];
        var refusal = await RefusedAsync(new StartBackup("databases", "Reports", Limit), Forced);
        Assert.Equal("DatabaseNotCluster", refusal.Code);
        Assert.Contains("aws rds create-db-snapshot --db-instance-identifier reports", refusal.Advice, StringComparison.Ordinal);
        Assert.Empty(World.Snapshots);

        var result = await RunAsync(new StartBackup("databases", null, Limit));
        Assert.Contains(result.Warnings, warning => warning.Contains("database instance reports is in no database cluster", StringComparison.Ordinal));
        Assert.Equal("payments", Assert.Single(World.Snapshots).Database);
    }

    [Fact]
    public async Task A_database_that_is_not_available_is_not_snapshotted()
    {
        World.Databases[0].Status = "modifying";
        Assert.Equal("DatabaseNotAvailable", (await RefusedAsync(new StartBackup("databases", null, Limit))).Code);
    }

    [Fact]
    public async Task A_snapshot_that_rds_calls_failed_is_a_failure()
    {
        World.Snapshots.Clear();
        var faults = new Faults { AfterChange = (_, _) => { World.Snapshots[0].Status = "failed"; return null; } };
        var failure = await Assert.ThrowsAsync<OperationFailedException>(() => Process(faults).Runner.RunAsync(new StartBackup("databases", null, Limit), RunOptions.Default, default));
        Assert.Contains("RDS says failed", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, """["*"]""", null)]
    [InlineData("payments", null, """["payments"]""", null)]
    [InlineData("payments", "restore-test", """["payments"]""", """{"payments":"restore-test"}""")]
    public async Task A_backup_is_restored_into_the_namespace_that_is_asked_for(string? from, string? into, string included, string? mapping)
    {
        Backup("nightly-1", "Completed");
        var result = await RunAsync(new RestoreBackup("nightly-1", from, into, Limit));
        var restore = Assert.Single(World.All("restores"));
        Assert.Equal(("platform", "nightly-1", included, mapping), (
            (string?)restore["metadata"]!["namespace"], (string?)restore["spec"]!["backupName"], restore["spec"]!["includedNamespaces"]!.ToJsonString(), restore["spec"]!["namespaceMapping"]?.ToJsonString()));
        Assert.Equal(OperationState.Succeeded, result.State);
    }

    [Fact]
    public async Task A_restore_of_nothing_says_so()
    {
        Backup("nightly-1", "Completed");
        var faults = new Faults { AfterChange = (_, _) => { World.All("restores").Single()["status"] = new System.Text.Json.Nodes.JsonObject { ["progress"] = new System.Text.Json.Nodes.JsonObject { ["totalItems"] = 0 } }; return null; } };
        var result = await Process(faults).Runner.RunAsync(new RestoreBackup("nightly-1", null, null, Limit), RunOptions.Default, default);
        Assert.Contains(result.Warnings, warning => warning.EndsWith("has no item: nothing matched", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("nightly-9", null, null, "BackupUnknown", "The newest are nightly-3, nightly-2, nightly-1")]
    [InlineData("nightly-1", null, "elsewhere", "NamespaceMissing", "-Namespace")]
    [InlineData("nightly-1", "kube-system", null, "NamespaceNotInBackup", "It has payments, shop, kube-system without kube-system")]
    [InlineData("nightly-1", "paymnets", null, "NamespaceNotInBackup", "It has payments, shop")]
    [InlineData("nightly-2", null, null, "BackupNotUsable", "Completed")]
    public async Task What_cannot_be_restored_is_refused_and_no_force_overrides_it(string backup, string? from, string? into, string code, string advice)
    {
        Backup("nightly-1", "Completed");
        Backup("nightly-2", "Failed");
        Backup("nightly-3", "Completed");
        var refusal = await RefusedAsync(new RestoreBackup(backup, from, into, Limit), Forced);
        Assert.Equal(code, refusal.Code);
        Assert.Contains(advice, refusal.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_with_gaps_is_restored_only_by_force()
    {
        Backup("nightly-1", "PartiallyFailed");
        Assert.Equal("BackupIncomplete", (await RefusedAsync(new RestoreBackup("nightly-1", null, null, Limit))).Code);
        Assert.Equal("BackupIncomplete", Assert.Single((await RunAsync(new RestoreBackup("nightly-1", null, null, Limit), Forced)).Overridden).Code);
    }

    private void Backup(string name, string phase) =>
        Put("backups", "platform", name, $$"""{"spec":{"includedNamespaces":["payments","shop","kube-system"],"excludedNamespaces":["kube-system"]},"status":{"phase":"{{phase}}"} }""");
}
