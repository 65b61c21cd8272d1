using HaCluster.Stack.Settings;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Settings.Network;

namespace HaCluster.Stack.Tests.Settings;

public class GoodSettingsTests
{
    [Fact]
    public void A_region_is_enough()
    {
        var (settings, problems) = Configuration.Read("{}");

        Assert.Empty(problems);
        Assert.Equal(3, settings.Zones);
        Assert.Equal(NatMode.PerZone, settings.Nat);
        Assert.Equal("ha-cluster-test", settings.Name);
        Assert.True(settings.Cluster.DeletionProtection);
        Assert.Empty(settings.Cluster.PublicAccessCidrs);
        Assert.False(settings.NodePools.Spot.IsEnabled);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    public void Defaults_hold_for_any_number_of_zones(int zones)
    {
        var (settings, problems) = Configuration.Read($$"""{"zones":{{zones}}}""");

        Assert.Empty(problems);
        Assert.Equal(zones, settings.NodePools.System.Min);
        Assert.Equal(zones, settings.Network.Plan.Zones);
    }

    [Fact]
    public void Numbers_and_switches_are_read_as_text_too_since_the_command_line_sets_them_so()
    {
        var (settings, problems) = Configuration.Read("""{"zones":"2","cluster":{"deletionProtection":"false"},"nodePools":{"general":{"max":"9"}}}""");

        Assert.Empty(problems);
        Assert.Equal(2, settings.Zones);
        Assert.False(settings.Cluster.DeletionProtection);
        Assert.Equal(9, settings.NodePools.General.Max);
    }

    [Fact]
    public void A_raised_min_raises_the_default_max()
    {
        var (settings, problems) = Configuration.Read("""{"nodePools":{"general":{"min":40}}}""");

        Assert.Empty(problems);
        Assert.Equal(40, settings.NodePools.General.Max);
        Assert.Equal(40, settings.NodePools.General.Desired);
    }

    [Fact]
    public void The_public_endpoint_can_be_opened_to_everyone_on_purpose_and_is_remarked_on()
    {
        var (settings, problems) = Configuration.Read("""{"cluster":{"publicAccessCidrs":["0.0.0.0/0"],"allowPublicAccessFromAnywhere":true}}""");

        Assert.Empty(problems);
        Assert.Contains(Notices.For(settings), notice => notice.Contains("open to the whole internet", StringComparison.Ordinal));
    }

    [Fact]
    public void Namespaces_of_the_user_join_the_clusters_own()
    {
        var (settings, problems) = Configuration.Read(
            """{"namespaces":{"shop":{"purpose":"Web shop","podSecurity":"baseline","reach":["data","controlPlane"],"quota":{"cpu":6,"pods":20}}}}""");

        Assert.Empty(problems);
        Assert.Equal(["chains", "delivery", "logging", "monitoring", "payments", "platform", "shop", "signing"], settings.Namespaces.All.Select(each => each.Name));
        var shop = settings.Namespaces.All.Single(each => each.Name == "shop");
        Assert.Equal(PodSecurity.Baseline, shop.PodSecurity);
        Assert.Equal(Reach.Data | Reach.ControlPlane, shop.Reach);
        Assert.Equal("6", shop.Quota.Cpu.ToString());
        Assert.Equal("60", shop.Quota.CpuLimit.ToString());
        Assert.Equal("Web shop", shop.Purpose);
    }

    [Theory]
    [InlineData("m7g.large", true)]
    [InlineData("c7gn.16xlarge", true)]
    [InlineData("a1.large", true)]
    [InlineData("t4g.medium", true)]
    [InlineData("m7i.large", false)]
    [InlineData("m7i-flex.large", false)]
    [InlineData("g5.xlarge", false)]
    [InlineData("u7i-12tb.224xlarge", false)]
    public void The_processor_architecture_follows_from_the_name(string name, bool isArm) => Assert.Equal(isArm, InstanceType.Parse(name)?.IsArm);

    [Theory]
    [InlineData("chains")]
    [InlineData("delivery")]
    [InlineData("logging")]
    [InlineData("monitoring")]
    [InlineData("payments")]
    [InlineData("platform")]
    public void The_clusters_own_quotas_pass_the_checks_that_users_quotas_must(string name)
    {
        // Reading them over themselves runs every check.
        var (_, problems) = Configuration.Read("{\"quotas\":{\"" + name + "\":{}}}");

        Assert.Empty(problems);
    }
}
