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
    [InlineData("""{"edge":{"minReplicas":2}}""", "ha-cluster:edge.minReplicas is 2; 3 zones need a proxy each")]
    [InlineData("""{"edge":{"minReplicas":6,"maxReplicas":5}}""", "ha-cluster:edge.maxReplicas is 5; it is below minReplicas, which is 6: raise it")]
    [InlineData("""{"edge":{"maxReplicas":21}}""", "ha-cluster:edge.maxReplicas is 21; choose a number from 1 to 20")]
    [InlineData("""{"edge":{"acmeServer":"stage"}}""", "ha-cluster:edge.acmeServer is \"stage\"; choose one of production, staging")]
    [InlineData("""{"edge":{"acmeEmail":"ops"}}""", "ha-cluster:edge.acmeEmail is \"ops\"; an address such as ops@your-company.com is expected here")]
    [InlineData("""{"edge":{"acmeEmail":"ops@example.com"}}""", "ha-cluster:edge.acmeEmail is \"ops@example.com\"; Let's Encrypt refuses addresses of domains that nobody owns")]
    [InlineData("""{"edge":{"hostedZones":{"Shop.com":"Z0ABC"}}}""", "ha-cluster:edge.hostedZones.Shop.com is not a domain; write it in lower case")]
    [InlineData("""{"edge":{"hostedZones":{"shop.com":"/hostedzone/Z0ABC"}}}""", "ha-cluster:edge.hostedZones.shop.com is \"/hostedzone/Z0ABC\"; the id of a hosted zone looks like")]
    [InlineData("""{"edge":{"waf":{"enabled":true}}}""", "ha-cluster:edge.waf is not a setting; known here: acmeEmail")]
    [InlineData("""{"edge":{"enabled":false},"sites":{"shop":{"image":"shop:1","domain":"shop.your.net"}}}""", "ha-cluster:sites has sites, and ha-cluster:edge.enabled is false")]
    public void What_is_wrong_is_said_with_its_key(string json, string expected) =>
        Assert.Contains(Configuration.Read(json).Problems, problem => problem.StartsWith(expected, StringComparison.Ordinal));

    [Theory]
    [InlineData("{}", "ha-cluster:edge.hostedZones is empty;")]
    [InlineData("{}", "ha-cluster:edge.acmeEmail is not set;")]
    [InlineData("""{"edge":{"acmeServer":"staging"}}""", "ha-cluster:edge.acmeServer is staging;")]
    [InlineData("""{"edge":{"deletionProtection":false}}""", "ha-cluster:edge.deletionProtection is false;")]
    public void What_a_user_gives_up_is_remarked_on(string json, string expected)
    {
        var (settings, problems) = Configuration.Read(json);

        Assert.Empty(problems);
        Assert.Contains(settings.Edge.Notices(), notice => notice.StartsWith(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"edge":{"hostedZones":{"shop.com":"Z0ABC"},"acmeEmail":"ops@shop.com"}}""")]
    [InlineData("""{"edge":{"enabled":false}}""")]
    public void Nothing_is_remarked_on_when_all_is_set_or_nothing_runs(string json)
    {
        var (settings, problems) = Configuration.Read(json);

        Assert.Empty(problems);
        Assert.Empty(settings.Edge.Notices());
    }
}
