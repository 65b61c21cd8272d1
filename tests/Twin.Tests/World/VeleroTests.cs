using static HaCluster.Twin.Tests.World.SteppedWorld;

namespace HaCluster.Twin.Tests.World;

/// <summary>Velero's objects: what its schedules, backups and restores do. Velero itself does not run here.</summary>
public sealed class VeleroTests
{
    private const string Server = """
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "velero", "namespace": "platform"},
         "spec": {"replicas": 1, "selector": {"matchLabels": {"name": "velero"}}, "strategy": {"type": "Recreate"}, "template": {"metadata": {"labels": {"name": "velero"}},
          "spec": {"containers": [{"name": "velero", "image": "velero:1", "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "128Mi"}}}]}}}}
        """;

    private const string Platform = """{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "platform"}}""";

    private const string Location = """
        {"apiVersion": "velero.io/v1", "kind": "BackupStorageLocation", "metadata": {"name": "default", "namespace": "platform"}, "spec": {"provider": "aws", "default": true, "objectStorage": {"bucket": "backups"}}}
        """;

    private const string Hourly = """
        {"apiVersion": "velero.io/v1", "kind": "Schedule", "metadata": {"name": "velero-hourly", "namespace": "platform"}, "spec": {"schedule": "30 * * * *", "template": {"ttl": "2h0m0s", "storageLocation": "default"}}}
        """;

    [Fact]
    public void A_schedule_has_its_last_backup_from_the_start_makes_more_and_old_ones_expire()
    {
        var world = WithVelero();
        var first = Assert.Single(world.All("backups.velero.io"));
        Assert.Equal(("velero-hourly-20251231233000", "Completed", "2025-12-31T23:30:00Z", "2026-01-01T01:30:00Z"),
            (first.Name, first.Text("status", "phase"), first.Text("status", "startTimestamp"), first.Text("status", "expiration")));
        Assert.Equal("velero-hourly", first.Labels["velero.io/schedule-name"]);
        Assert.Equal(("Enabled", "Available"), (world.Get("schedules.velero.io", "platform", "velero-hourly").Text("status", "phase"), world.Get("backupstoragelocations.velero.io", "platform", "default").Text("status", "phase")));

        world.Pass(1800);
        Assert.Equal(["velero-hourly-20251231233000", "velero-hourly-20260101003000"], world.All("backups.velero.io").Select(backup => backup.Name));
        world.Pass(5400);
        Assert.Equal(["velero-hourly-20260101003000", "velero-hourly-20260101013000"], world.All("backups.velero.io").Select(backup => backup.Name));
        Assert.Equal("2026-01-01T01:30:00Z", world.Get("schedules.velero.io", "platform", "velero-hourly").Text("status", "lastBackup"));
    }

    [Fact]
    public void A_backup_goes_through_its_phases_and_remembers_when()
    {
        var world = WithVelero(Manifest.StorageClass, Manifest.StatefulSet("db", 2));
        Backup(world, "now");
        world.World.CatchUp();
        Assert.Null(world.Get("backups.velero.io", "platform", "now").Text("status", "phase"));
        world.Pass(2);
        Assert.Equal(("InProgress", null), (Status(world, "now", "phase"), Status(world, "now", "completionTimestamp")));
        world.Pass(60);

        Assert.Equal(("Completed", "2026-01-01T00:00:01Z"), (Status(world, "now", "phase"), Status(world, "now", "startTimestamp")));
        Assert.NotNull(Status(world, "now", "completionTimestamp"));
        Assert.Equal(2, world.Get("backups.velero.io", "platform", "now").Number("status", "csiVolumeSnapshotsCompleted"));
    }

    [Fact]
    public void Backups_wait_for_the_server_and_one_that_it_dies_in_fails()
    {
        var world = WithVelero();
        Backup(world, "cut");
        world.Pass(3);
        world.Store.Delete(world.Store.Kinds["pods"], "platform", Assert.Single(world.Pods("platform")).Name);
        Backup(world, "later");
        world.Pass(10);
        Assert.Equal(("InProgress", null), (Status(world, "cut", "phase"), Status(world, "later", "phase")));
        world.Pass(300);

        Assert.Equal(("Failed", "Completed"), (Status(world, "cut", "phase"), Status(world, "later", "phase")));
        Assert.Contains("during the server starting", Status(world, "cut", "failureReason"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_backup_to_a_place_that_does_not_exist_is_refused()
    {
        var world = WithVelero();
        Backup(world, "lost", "\"storageLocation\": \"moon\"");
        world.Pass(5);

        Assert.Equal("FailedValidation", Status(world, "lost", "phase"));
        Assert.Contains("\"moon\" not found", world.Get("backups.velero.io", "platform", "lost").Find("status", "validationErrors")!.Value[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_restore_brings_back_what_was_deleted_and_leaves_what_is_there()
    {
        var world = WithVelero(Manifest.StorageClass, Manifest.Deployment("web", 2), Manifest.Service("web"), Manifest.StatefulSet("db", 1), Manifest.Deployment("other", 1));
        Backup(world, "now");
        world.Pass(60);
        foreach (var (resource, name) in new[] { ("deployments.apps", "web"), ("services", "web"), ("statefulsets.apps", "db"), ("persistentvolumeclaims", "data-db-0") })
            world.Store.Delete(world.Store.Kinds[resource], "shop", name);
        world.Change("deployments.apps", "shop", "other", other => other["spec"]!["replicas"] = 2);
        world.Pass(120);
        Assert.DoesNotContain(world.Pods("shop"), pod => pod.Labels["app"] != "other");

        Restore(world, "back", "now", "\"includedNamespaces\": [\"shop\"]");
        world.Pass(5);
        Assert.Equal("InProgress", world.Get("restores.velero.io", "platform", "back").Text("status", "phase"));
        world.Pass(200);
        var restore = world.Get("restores.velero.io", "platform", "back");
        Assert.Equal(("Completed", 1, null), (restore.Text("status", "phase"), restore.Number("status", "warnings"), restore.Number("status", "errors")));
        Assert.Equal((2, 1, 2), (world.Pods("shop", "web").Count(IsReady), world.Pods("shop", "db").Count(IsReady), world.Pods("shop", "other").Count(IsReady)));
        Assert.Equal("back", world.Get("deployments.apps", "shop", "web").Labels["velero.io/restore-name"]);
        Assert.Equal("Bound", world.Get("persistentvolumeclaims", "shop", "data-db-0").Text("status", "phase"));
        Assert.Equal(2, world.Get("endpoints", "shop", "web").Find("subsets")!.Value[0].GetProperty("addresses").GetArrayLength());
    }

    [Fact]
    public void A_namespace_can_be_restored_beside_itself()
    {
        var world = WithVelero(Manifest.Deployment("web", 2));
        Backup(world, "now");
        world.Pass(60);

        Restore(world, "beside", "now", "\"includedNamespaces\": [\"shop\"], \"namespaceMapping\": {\"shop\": \"trial\"}");
        world.Pass(200);
        Assert.Equal("Completed", world.Get("restores.velero.io", "platform", "beside").Text("status", "phase"));
        Assert.Equal((2, 2), (world.Pods("trial", "web").Count(IsReady), world.Pods("shop", "web").Count(IsReady)));
    }

    [Fact]
    public void A_restore_of_a_backup_that_does_not_exist_is_refused()
    {
        var world = WithVelero();
        Restore(world, "back", "never", "\"includedNamespaces\": [\"*\"]");
        world.Pass(5);

        Assert.Equal("FailedValidation", world.Get("restores.velero.io", "platform", "back").Text("status", "phase"));
    }

    [Fact]
    public async Task The_plan_of_prod_brings_the_schedules_of_its_chart()
    {
        var world = await OfStackAsync("prod");

        Assert.Equal(["velero-objects", "velero-volumes"], world.All("schedules.velero.io").Select(schedule => schedule.Name));
        Assert.Equal(["velero-objects", "velero-volumes"], world.All("backups.velero.io").Where(backup => backup.Text("status", "phase") == "Completed").Select(backup => backup.Labels["velero.io/schedule-name"]));
        Assert.Equal("Available", Assert.Single(world.All("backupstoragelocations.velero.io")).Text("status", "phase"));
    }

    private static SteppedWorld WithVelero(params string[] more) => Small([Platform, Server, Location, Hourly, .. more]);

    private static void Backup(SteppedWorld world, string name, string spec = "\"storageLocation\": \"default\"") => world.Apply(
        $$"""{"apiVersion": "velero.io/v1", "kind": "Backup", "metadata": {"name": "{{name}}", "namespace": "platform"}, "spec": { {{spec}} } }""");

    private static void Restore(SteppedWorld world, string name, string backup, string spec) => world.Apply(
        $$"""{"apiVersion": "velero.io/v1", "kind": "Restore", "metadata": {"name": "{{name}}", "namespace": "platform"}, "spec": {"backupName": "{{backup}}", {{spec}} } }""");

    private static string? Status(SteppedWorld world, string backup, string field) => world.Get("backups.velero.io", "platform", backup).Text("status", field);
}
