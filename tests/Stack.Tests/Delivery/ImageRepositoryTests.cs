using System.Text.Json;
using HaCluster.Stack.Tests.Graph;

namespace HaCluster.Stack.Tests.Delivery;

public class ImageRepositoryTests
{
    private const string Repository = "aws:ecr/repository:Repository";

    [Fact]
    public async Task Tags_are_written_once_and_images_scanned_encrypted_and_kept_with_the_repository()
    {
        var repositories = (await DeclaredCluster.FromAsync("""{"delivery":{"repositories":["shop/api"]}}""")).Of(Repository);

        Assert.Equal(
            ["ha-cluster-test/ledger", "ha-cluster-test/payments", "ha-cluster-test/sentinel", "ha-cluster-test/shop/api"],
            repositories.Select(each => each.Text("name")));
        Assert.All(repositories, each =>
        {
            Assert.Equal("IMMUTABLE", each.At("imageTagMutability"));
            Assert.Equal(true, each.At("imageScanningConfiguration.scanOnPush"));
            Assert.Equal("KMS", each.At("encryptionConfigurations.0.encryptionType"));
            Assert.Equal(false, each.At("forceDelete"));
        });
    }

    [Fact]
    public async Task Each_keeps_its_newest_images_and_drops_what_failed_pushes_leave()
    {
        var resources = await DeclaredCluster.FromAsync("""{"delivery":{"keepImages":33,"keepUntaggedDays":5}}""");

        var policies = resources.Of("aws:ecr/lifecyclePolicy:LifecyclePolicy");
        Assert.Equal(resources.Of(Repository).Select(each => each.Text("name")), policies.Select(each => each.Text("repository")));
        var rules = JsonDocument.Parse(policies[0].Text("policy")).RootElement.GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("selection")).ToArray();
        Assert.Equal(("untagged", 5, "days"), (rules[0].GetProperty("tagStatus").GetString(), rules[0].GetProperty("countNumber").GetInt32(), rules[0].GetProperty("countUnit").GetString()));
        Assert.Equal(("any", 33), (rules[1].GetProperty("tagStatus").GetString(), rules[1].GetProperty("countNumber").GetInt32()));
        Assert.Equal("imageCountMoreThan", rules[1].GetProperty("countType").GetString());
    }

    [Fact]
    public async Task The_registry_of_the_account_is_left_alone_unless_copies_are_asked_for()
    {
        const string Replication = "aws:ecr/replicationConfiguration:ReplicationConfiguration";

        Assert.Empty((await DeclaredCluster.FromAsync("{}")).Of(Replication));

        var rule = Assert.Single((await DeclaredCluster.FromAsync("""{"delivery":{"copyTo":["eu-west-1","eu-north-1"]}}""")).Of(Replication));
        Assert.Equal("ha-cluster-test/", rule.At("replicationConfiguration.rules.0.repositoryFilters.0.filter"));
        Assert.Equal("PREFIX_MATCH", rule.At("replicationConfiguration.rules.0.repositoryFilters.0.filterType"));
        Assert.Equal("eu-north-1", rule.At("replicationConfiguration.rules.0.destinations.0.region"));
        Assert.Equal("eu-west-1", rule.At("replicationConfiguration.rules.0.destinations.1.region"));
        Assert.Equal(ClusterMocks.Account, rule.At("replicationConfiguration.rules.0.destinations.0.registryId"));
    }

    [Fact]
    public async Task Nothing_is_declared_when_switched_off() =>
        Assert.Empty((await DeclaredCluster.FromAsync("""{"delivery":{"enabled":false}}""")).Of(Repository));
}
