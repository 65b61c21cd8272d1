extern alias program;

using HaCluster.Planning.Stacks;

namespace HaCluster.Planning.Tests.Stacks;

public sealed class SettingGuideTests
{
    private static readonly SettingGuide Guide = new(program::HaCluster.Stack.Settings.StackSettings.Schema(), "ha-cluster");

    [Theory]
    [InlineData("nodePools.general.min", "ha-cluster:nodePools.general.min", "whole number from 0 to 450")]
    [InlineData("ha-cluster:nat", "ha-cluster:nat", "one of perZone, single")]
    [InlineData("aws:region", "aws:region", "text")]
    [InlineData("edge.waf.enabled", "ha-cluster:edge.waf.enabled", "true or false")]
    [InlineData("sites.hello.image", "ha-cluster:sites.hello.image", "text")]
    [InlineData("sites.SITE.image", "ha-cluster:sites.shop.image", "text")]
    [InlineData("edge.hostedZones.your-company.com", "ha-cluster:edge.hostedZones.your-company.com", "text")]
    [InlineData("objectives.serving.chains/bitcoin", "ha-cluster:objectives.serving.chains/bitcoin", "whole number from 0 to 10000")]
    [InlineData("cluster.admins[0]", "ha-cluster:cluster.admins", "list of texts")]
    [InlineData("cluster.logRetentionDays", "ha-cluster:cluster.logRetentionDays", "one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653")]
    [InlineData("sites", "ha-cluster:sites", "object, by SITE")]
    [InlineData("monitoring.prometheus", "ha-cluster:monitoring.prometheus", "object")]
    [InlineData("monitoring.prometheus.volume", "ha-cluster:monitoring.prometheus.volume", "quantity")]
    public void Settings_and_sections_are_found_by_key(string asked, string key, string type)
    {
        var setting = Guide.Find(asked)!;
        Assert.Equal((key, type), (setting.Key, setting.Type));
        Assert.NotEmpty(setting.About);
    }

    [Theory]
    [InlineData("nodePools.genral.min", "ha-cluster:nodePools.general.min")]
    [InlineData("edge.wafs.enabled", "ha-cluster:edge.waf.enabled")]
    [InlineData("scrapeSeconds", "ha-cluster:monitoring.prometheus.scrapeSeconds")]
    [InlineData("instanceClas", "ha-cluster:databases.mysql.instanceClass")]
    [InlineData("aws:regoin", "aws:region")]
    public void A_slip_brings_the_key_that_was_meant(string asked, string meant)
    {
        Assert.Null(Guide.Find(asked));
        Assert.Contains(meant, Guide.Suggest(asked));
    }

    [Fact]
    public void A_key_that_only_shares_the_namespace_is_not_suggested() => Assert.Equal(["ha-cluster:zones"], Guide.Suggest("zonez"));

    [Fact]
    public void An_example_can_be_put_into_a_stack_file()
    {
        Assert.Equal(["config:", "  ha-cluster:databases:", "    postgresql:", "      version: \"17.7\""], Guide.Find("databases.postgresql.version")!.Example());
        Assert.Equal(
            ["config:", "  ha-cluster:cluster:", "    admins: [arn:aws:iam::123456789012:role/admin]"], Guide.Find("cluster.admins")!.Example());
        Assert.Equal(["config:", "  ha-cluster:network:", "    interfaceEndpoints: true"], Guide.Find("network.interfaceEndpoints")!.Example());
        Assert.Equal(["config:", "  ha-cluster:monitoring:", "    slack:", "      channels:", "        critical: \"#alerts-critical\""], Guide.Find("monitoring.slack.channels.critical")!.Example());
    }

    [Theory]
    [InlineData("zones", "pulumi config set ha-cluster:zones 3")]
    [InlineData("edge.waf.enabled", "pulumi config set --path ha-cluster:edge.waf.enabled false")]
    [InlineData("edge.hostedZones.your-company.com", "pulumi config set --path 'ha-cluster:edge.hostedZones[\"your-company.com\"]' Z0123456789ABCDEFGHIJ")]
    [InlineData("cluster.admins", "pulumi config set --path 'ha-cluster:cluster.admins[0]' arn:aws:iam::123456789012:role/admin")]
    [InlineData("backups.objects.schedule", "pulumi config set --path ha-cluster:backups.objects.schedule '17 * * * *'")]
    [InlineData("edge", null)]
    public void The_command_that_sets_it_is_given(string key, string? command) => Assert.Equal(command, Guide.Find(key)!.Command());
}
