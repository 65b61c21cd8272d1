using HaCluster.Stack.Settings.Edge;
using HaCluster.Stack.Tests.Settings;

namespace HaCluster.Stack.Tests.Edge;

public class EdgeSettingsTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    public void Each_zone_has_a_proxy_by_default(int zones)
    {
        var (settings, problems) = Configuration.Read($$"""{"zones":{{zones}}}""");

        Assert.Empty(problems);
        Assert.True(settings.Edge.IsEnabled);
        Assert.True(settings.Edge.DeletionProtection);
        Assert.Equal(zones, settings.Edge.MinReplicas);
        Assert.Equal(3 * zones, settings.Edge.MaxReplicas);
        Assert.Equal(AcmeServer.Production, settings.Edge.AcmeServer);
    }

    [Theory]
    [InlineData("""{"edge":{"minReplicas":2}}""", "ha-cluster:edge.minReplicas is 2; 3 zones need one proxy each, otherwise the load balancer has a zone without targets")]
    [InlineData("""{"edge":{"minReplicas":6,"maxReplicas":5}}""", "ha-cluster:edge.maxReplicas is 5; it is less than minReplicas (6): raise it")]
    [InlineData("""{"edge":{"maxReplicas":21}}""", "ha-cluster:edge.maxReplicas is 21; choose a number from 1 to 20")]
    [InlineData("""{"edge":{"acmeServer":"stage"}}""", "ha-cluster:edge.acmeServer is \"stage\"; choose one of production, staging")]
    [InlineData("""{"edge":{"acmeEmail":"ops"}}""", "ha-cluster:edge.acmeEmail is \"ops\"; an address such as on-call@your-company.com is expected here")]
    [InlineData("""{"edge":{"acmeEmail":"ops@example.com"}}""", "ha-cluster:edge.acmeEmail is \"ops@example.com\"; Let's Encrypt refuses addresses of reserved domains")]
    [InlineData("""{"edge":{"hostedZones":{"Shop.com":"Z0ABC"}}}""", "ha-cluster:edge.hostedZones.Shop.com is not a domain; write a full name in lower case")]
    [InlineData("""{"edge":{"hostedZones":{"shop.com":"/hostedzone/Z0ABC"}}}""", "ha-cluster:edge.hostedZones.shop.com is \"/hostedzone/Z0ABC\"; the id of a hosted zone looks like")]
    [InlineData("""{"edge":{"waf":{"enabled":true}},"sites":{"shop":{"image":"shop:1","domain":"shop.com"}}}""", "ha-cluster:edge.waf.enabled is true; its load balancer uses ACM certificates, which are validated by records in your hosted zones, and ha-cluster:edge.hostedZones is empty")]
    [InlineData("""{"edge":{"hostedZones":{"shop.com":"Z0ABC"},"waf":{"enabled":true}}}""", "ha-cluster:edge.waf.enabled is true; there are no sites, so there is no domain to get a certificate for")]
    [InlineData("""{"edge":{"hostedZones":{"shop.com":"Z0ABC"},"waf":{"enabled":true}},"sites":{"news":{"image":"news:1","domain":"news.net"}}}""", "ha-cluster:edge.waf.enabled is true; ha-cluster:sites.news.domain is news.net, which is in no zone of ha-cluster:edge.hostedZones")]
    [InlineData("""{"edge":{"enabled":false,"waf":{"enabled":true}}}""", "ha-cluster:edge.waf.enabled is true; ha-cluster:edge.enabled is false, so the firewall has no load balancer to protect")]
    [InlineData("""{"edge":{"waf":{"action":"deny"}}}""", "ha-cluster:edge.waf.action is \"deny\"; choose one of block, count")]
    [InlineData("""{"edge":{"waf":{"requestsPerFiveMinutes":9}}}""", "ha-cluster:edge.waf.requestsPerFiveMinutes is 9; choose a number from 10 to 2000000000")]
    [InlineData("""{"edge":{"waf":{"alarmPerFiveMinutes":0}}}""", "ha-cluster:edge.waf.alarmPerFiveMinutes is 0; choose a number from 1")]
    [InlineData("""{"edge":{"waf":{"logRetentionDays":31}}}""", "ha-cluster:edge.waf.logRetentionDays is 31; CloudWatch supports")]
    [InlineData("""{"edge":{"waf":{"enable":true}}}""", "ha-cluster:edge.waf.enable is not a setting; did you mean enabled?")]
    [InlineData("""{"edge":{"enabled":false},"sites":{"shop":{"image":"shop:1","domain":"shop.your.net"}}}""", "ha-cluster:sites has sites, but ha-cluster:edge.enabled is false, so nobody can reach them")]
    public void What_is_wrong_is_said_with_its_key(string json, string expected) =>
        Assert.Contains(Configuration.Read(json).Problems, problem => problem.StartsWith(expected, StringComparison.Ordinal));

    [Fact]
    public void The_firewall_has_26_certificates_at_most()
    {
        var sites = string.Join(',', Enumerable.Range(1, 27).Select(number => $$"""
            "s{{number}}":{"image":"s:1","domain":"s{{number}}.shop.com"}
            """));

        Assert.Contains(
            Configuration.Read($$$"""{"edge":{"hostedZones":{"shop.com":"Z0ABC"},"waf":{"enabled":true}},"sites":{{{{sites}}}}}""").Problems,
            problem => problem.StartsWith("ha-cluster:edge.waf.enabled is true; there are 27 sites", StringComparison.Ordinal));
    }

    [Fact]
    public void The_firewall_is_off_unless_it_is_wanted()
    {
        Assert.False(Configuration.Read("{}").Settings.Edge.Waf.IsEnabled);
        Assert.Empty(Configuration.Read(
            """{"edge":{"hostedZones":{"shop.com":"Z0ABC"},"waf":{"enabled":true}},"sites":{"shop":{"image":"shop:1","domain":"shop.com"}}}""").Problems);
    }

    [Theory]
    [InlineData("{}", "ha-cluster:edge.hostedZones is empty;")]
    [InlineData("""{"edge":{"hostedZones":{"us.com":"Z0ABC"}},"sites":{"shop":{"image":"shop:1","domain":"shop.them.com"}}}""", "ha-cluster:sites.shop.domain is shop.them.com, which is in no zone of ha-cluster:edge.hostedZones; no DNS record is created for it")]
    [InlineData("{}", "ha-cluster:edge.acmeEmail is not set;")]
    [InlineData("""{"edge":{"acmeServer":"staging"}}""", "ha-cluster:edge.acmeServer is staging;")]
    [InlineData("""{"edge":{"deletionProtection":false}}""", "ha-cluster:edge.deletionProtection is false;")]
    [InlineData("""{"edge":{"hostedZones":{"shop.com":"Z0ABC"},"waf":{"enabled":true,"action":"count"}},"sites":{"shop":{"image":"shop:1","domain":"shop.com"}}}""", "ha-cluster:edge.waf.action is count;")]
    public void What_a_user_gives_up_is_remarked_on(string json, string expected)
    {
        var (settings, problems) = Configuration.Read(json);

        Assert.Empty(problems);
        Assert.Contains(settings.Edge.Notices(settings.Sites.All), notice => notice.StartsWith(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"edge":{"hostedZones":{"shop.com":"Z0ABC"},"acmeEmail":"ops@shop.com"}}""")]
    [InlineData("""{"edge":{"enabled":false}}""")]
    [InlineData("""{"edge":{"hostedZones":{"shop.com":"Z0ABC"},"waf":{"enabled":true}},"sites":{"shop":{"image":"shop:1","domain":"shop.com"}}}""")]
    public void Nothing_is_remarked_on_when_all_is_set_or_nothing_runs(string json)
    {
        var (settings, problems) = Configuration.Read(json);

        Assert.Empty(problems);
        Assert.Empty(settings.Edge.Notices(settings.Sites.All));
    }
}
