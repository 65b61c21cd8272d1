using System.Text.Json;
using HaCluster.Stack.Tests.Graph;

namespace HaCluster.Stack.Tests.Backups;

public class BackupTests
{
    private const string Release = "kubernetes:helm.sh/v3:Release";

    [Fact]
    public async Task Objects_are_saved_often_and_volumes_with_them_daily()
    {
        var velero = (await DeclaredCluster.FromAsync("""{"backups":{"excludedNamespaces":["delivery"],"volumes":{"schedule":"0 3 * * *","retentionDays":14}}}""")).One(Release, "velero");

        Assert.Equal("17 * * * *", velero.At("values.schedules.objects.schedule"));
        Assert.Equal(false, velero.At("values.schedules.objects.template.snapshotVolumes"));
        Assert.Equal("0 3 * * *", velero.At("values.schedules.volumes.schedule"));
        Assert.Equal(true, velero.At("values.schedules.volumes.template.snapshotVolumes"));
        Assert.Equal("336h0m0s", velero.At("values.schedules.volumes.template.ttl"));
        foreach (var schedule in new[] { "objects", "volumes" })
        {
            Assert.Equal(["delivery"], velero.List($"values.schedules.{schedule}.template.excludedNamespaces"));
            Assert.Equal(true, velero.At($"values.schedules.{schedule}.template.includeClusterResources"));
        }
    }

    [Fact]
    public async Task Volumes_are_snapshots_of_their_driver_and_its_class_is_marked_for_it()
    {
        var resources = await DeclaredCluster.FromAsync("{}");

        var velero = resources.One(Release, "velero");
        Assert.Equal("EnableCSI", velero.At("values.configuration.features"));
        Assert.Equal(false, velero.At("values.snapshotsEnabled"));
        Assert.Equal(false, velero.At("values.deployNodeAgent"));
        var snapshotClass = resources.One("kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshotClass", "ebs");
        Assert.Equal("true", snapshotClass.Map("metadata.labels")["velero.io/csi-volumesnapshot-class"]);
    }

    [Fact]
    public async Task Volumes_of_chain_nodes_are_left_to_their_own_snapshots()
    {
        var resources = await DeclaredCluster.FromAsync("{}");

        var policies = resources.One("kubernetes:core/v1:ConfigMap", "velero-volume-policies");
        Assert.Equal("velero-volume-policies", resources.One(Release, "velero").At("values.schedules.volumes.template.resourcePolicy.name"));
        Assert.Equal("platform", policies.At("metadata.namespace"));
        var text = (string)policies.Map("data")["policies.yaml"];
        Assert.Contains("- chain-data\n", text, StringComparison.Ordinal);
        Assert.Contains("type: skip\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bucket_and_key_outlive_the_cluster_and_deleted_backups_their_deletion()
    {
        var resources = await DeclaredCluster.FromAsync("""{"backups":{"keepDeletedDays":45}}""");

        Assert.Equal("ha-cluster-test-backups-123456789012", resources.One("aws:s3/bucket:Bucket", "backups").Text("bucket"));
        Assert.Equal("Enabled", resources.One("aws:s3/bucketVersioning:BucketVersioning", "backups").At("versioningConfiguration.status"));
        var age = resources.One("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "backups");
        Assert.Equal(45d, age.At("rules.0.noncurrentVersionExpiration.noncurrentDays"));
        Assert.Null(age.At("rules.0.expiration"));
        Assert.Equal(true, resources.One("aws:kms/key:Key", "backups").At("enableKeyRotation"));
    }

    [Fact]
    public async Task The_server_reaches_its_bucket_and_its_key_and_cannot_delete_versions()
    {
        var resources = await DeclaredCluster.FromAsync("{}");

        var statements = JsonDocument.Parse(resources.One("aws:iam/rolePolicy:RolePolicy", "velero").Text("policy")).RootElement.GetProperty("Statement").EnumerateArray().ToArray();
        var actions = statements.SelectMany(Actions).ToArray();
        Assert.Contains("s3:PutObject", actions);
        Assert.DoesNotContain(actions, action => action.Contains("Version", StringComparison.Ordinal) || action.StartsWith("ec2:", StringComparison.Ordinal));
        Assert.All(statements, statement => Assert.EndsWith(
            Actions(statement).All(action => action.StartsWith("kms:", StringComparison.Ordinal)) ? "Key/backups"
                : statement.GetProperty("Sid").GetString() == "BackupObjects" ? "Bucket/backups/*" : "Bucket/backups",
            statement.GetProperty("Resource").GetString(),
            StringComparison.Ordinal));
        var association = resources.One("aws:eks/podIdentityAssociation:PodIdentityAssociation", "velero");
        Assert.Equal(("platform", "velero-server"), (association.Text("namespace"), association.Text("serviceAccount")));
        Assert.Equal("velero-server", resources.One(Release, "velero").At("values.serviceAccount.server.name"));

        static IEnumerable<string> Actions(JsonElement statement) => statement.GetProperty("Action") is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray().Select(action => action.GetString()!)
            : [statement.GetProperty("Action").GetString()!];
    }

    [Fact]
    public async Task Every_container_of_the_chart_has_limits_and_no_privileges()
    {
        var velero = (await DeclaredCluster.FromAsync("{}")).One(Release, "velero");

        foreach (var container in new[] { "values.resources", "values.upgradeJobResources", "values.initContainers.0.resources" })
            Assert.Equal(["cpu", "ephemeral-storage", "memory"], velero.Map($"{container}.limits").Keys.Order());
        Assert.Equal(false, velero.At("values.containerSecurityContext.allowPrivilegeEscalation"));
        Assert.Equal(false, velero.At("values.initContainers.0.securityContext.allowPrivilegeEscalation"));
        Assert.Equal(true, velero.At("values.podSecurityContext.runAsNonRoot"));
        Assert.Matches(@":v[0-9.]+\z", velero.Text("values.initContainers.0.image"));
        Assert.Equal(false, velero.At("values.credentials.useSecret"));
        Assert.Equal(true, velero.At("values.metrics.serviceMonitor.enabled"));
    }

    [Fact]
    public async Task The_bucket_it_writes_to_is_the_one_that_is_declared()
    {
        var velero = (await DeclaredCluster.FromAsync("{}")).One(Release, "velero");

        Assert.Equal("ha-cluster-test-backups-123456789012", velero.At("values.configuration.backupStorageLocation.0.bucket"));
        Assert.Equal("eu-central-1", velero.At("values.configuration.backupStorageLocation.0.config.region"));
        Assert.Equal("aws", velero.At("values.configuration.backupStorageLocation.0.provider"));
    }

    [Fact]
    public async Task Nothing_is_declared_when_switched_off() =>
        Assert.DoesNotContain((await DeclaredCluster.FromAsync("""{"backups":{"enabled":false}}""")), each => each.Name is "velero" or "backups");
}
