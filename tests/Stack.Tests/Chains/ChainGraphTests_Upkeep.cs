using HaCluster.Stack.Tests.Graph;

namespace HaCluster.Stack.Tests.Chains;

/// <content>Jobs that create, grow and snapshot volumes.</content>
public partial class ChainGraphTests
{
    [Fact]
    public async Task Volumes_are_made_and_grown_before_the_set_and_on_demand()
    {
        var resources = await Default.Value;

        foreach (var set in new[] { "bitcoin", "ethereum-geth", "ethereum-reth" })
        {
            resources.One(Job, $"{set}-volumes");
            Assert.Equal(true, resources.One(CronJob, $"{set}-volumes").At("spec.suspend"));
        }

        var rules = resources.One("kubernetes:rbac.authorization.k8s.io/v1:Role", "bitcoin-volumes");
        Assert.Equal(["data-bitcoin-0", "data-bitcoin-1", "data-bitcoin-2"], rules.List("rules.1.resourceNames"));
    }

    [Fact]
    public async Task Scheduled_snapshots_do_not_outlive_their_objects_in_AWS()
    {
        var resources = await Default.Value;

        Assert.Equal("Delete", resources.One("kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshotClass", "chain-data").At("deletionPolicy"));
        Assert.Equal(["30 */12 * * *", "30 */12 * * *"], new[] { "bitcoin-snapshots", "ethereum-snapshots" }.Select(name => resources.One(CronJob, name).At("spec.schedule")));
    }
}
