using HaCluster.Stack.Settings;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Tests.Settings;

namespace HaCluster.Stack.Tests.Sites;

public class SiteSettingsTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_name_an_image_and_a_domain_are_enough(int zones)
    {
        var (settings, problems) = Configuration.Read($$$"""{"zones":{{{zones}}},"sites":{"shop":{"image":"ghcr.io/us/shop:1.4.2","domain":"shop.us.com"} } }""");

        Assert.Empty(problems);
        var site = Assert.Single(settings.Sites.All);
        Assert.Equal(zones, site.MinReplicas);
        Assert.Equal(3 * zones, site.MaxReplicas);
        Assert.Equal("site-shop", site.Namespace.Name);
        Assert.Equal(PodSecurity.Restricted, site.Namespace.PodSecurity);
        Assert.Equal(Reach.InternetHttps, site.Namespace.Reach);
        Assert.Contains(settings.Namespaces.All, profile => profile.Name == "site-shop");
    }

    [Fact]
    public void Its_requests_are_those_of_its_own_route()
    {
        var service = Configuration.Read("""{"sites":{"shop":{"image":"shop:1","domain":"shop.us.com","team":"payments","objective":"0.9995"}}}""").Settings.Sites.All[0].Service;

        const string Cluster = "envoy_cluster_name=\"httproute/site-shop/shop/rule/0\"";
        Assert.Equal("site-shop", service.Name);
        Assert.Equal("payments", service.Team);
        Assert.Equal(0.9995m, service.Objective);
        Assert.Equal($"envoy_cluster_upstream_rq_total{{{Cluster}}}", service.Requests);
        Assert.Equal($"envoy_cluster_upstream_rq_xx{{{Cluster},envoy_response_code_class=\"5\"}}", service.Errors);
        Assert.Contains($"envoy_cluster_upstream_rq_time_bucket{{{Cluster}}}", service.LatencySeconds, StringComparison.Ordinal);
        Assert.EndsWith("/ 1000", service.LatencySeconds, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, "100m", "128Mi")]
    [InlineData(40, "2", "4Gi")]
    [InlineData(100, "15m", "17Mi")]
    public void The_quota_holds_all_replicas_an_update_and_those_that_still_finish(int max, string cpu, string memory)
    {
        var (settings, problems) = Configuration.Read(
            $$$"""{"sites":{"shop":{"image":"shop:1","domain":"shop.us.com","maxReplicas":{{{max}}},"cpu":"{{{cpu}}}","memory":"{{{memory}}}"} } }""");

        Assert.Empty(problems);
        var site = settings.Sites.All[0];
        var quota = site.Namespace.Quota;
        var pods = 2 * max + 1;
        Assert.Equal(pods, quota.Pods);
        Assert.True(quota.Cpu.Value >= pods * site.Cpu.Value);
        Assert.True(quota.CpuLimit.Value >= pods * site.CpuLimit.Value);
        Assert.True(quota.Memory.Value >= pods * site.Memory.Value);
        Assert.True(quota.EphemeralStorage.Value >= pods * site.LocalDisk.Value);
        Assert.True(quota.Container.Cpu >= site.CpuLimit && quota.Container.Memory >= site.Memory && quota.Container.EphemeralStorage >= site.LocalDisk);
        Assert.Equal(0, quota.LoadBalancers + quota.Volumes);
    }

    [Theory]
    [InlineData("""{"sites":{"Shop":{"image":"shop:1","domain":"shop.us.com"}}}""", "ha-cluster:sites.Shop is not a valid name of a site; use at most 40 lower-case letters, digits and dashes, a letter first")]
    [InlineData("""{"sites":{"a-name-that-is-too-long-for-the-pods-of-a-site":{"image":"shop:1","domain":"shop.us.com"}}}""", "ha-cluster:sites.a-name-that-is-too-long-for-the-pods-of-a-site is not a valid name of a site")]
    [InlineData("""{"sites":{"shop":{"domain":"shop.us.com"}}}""", "ha-cluster:sites.shop.image is not set; a site needs an image")]
    [InlineData("""{"sites":{"shop":{"image":"shop","domain":"shop.us.com"}}}""", "ha-cluster:sites.shop.image is \"shop\"; without a tag it means latest")]
    [InlineData("""{"sites":{"shop":{"image":"registry.us.com:5000/shop","domain":"shop.us.com"}}}""", "ha-cluster:sites.shop.image is \"registry.us.com:5000/shop\"; without a tag it means latest")]
    [InlineData("""{"sites":{"shop":{"image":"us/shop:latest","domain":"shop.us.com"}}}""", "ha-cluster:sites.shop.image is \"us/shop:latest\"; with latest, two replicas may run different code, and a rollback is impossible")]
    [InlineData("""{"sites":{"shop":{"image":"https://us/shop:1","domain":"shop.us.com"}}}""", "ha-cluster:sites.shop.image is \"https://us/shop:1\"; an image with a tag or digest is expected here")]
    [InlineData("""{"sites":{"shop":{"image":"shop:1"}}}""", "ha-cluster:sites.shop.domain is not set; a site needs a public host name")]
    [InlineData("""{"sites":{"shop":{"image":"shop:1","domain":"https://shop.us.com"}}}""", "ha-cluster:sites.shop.domain is \"https://shop.us.com\"; write a full name in lower case")]
    [InlineData("""{"sites":{"shop":{"image":"shop:1","domain":"shop"}}}""", "ha-cluster:sites.shop.domain is \"shop\"; write a full name in lower case")]
    [InlineData("""{"sites":{"shop":{"image":"shop:1","domain":"*.us.com"}}}""", "ha-cluster:sites.shop.domain is \"*.us.com\"; write a full name in lower case")]
    [InlineData("""{"sites":{"a":{"image":"a:1","domain":"us.com"},"b":{"image":"b:1","domain":"us.com"}}}""", "ha-cluster:sites.b.domain is \"us.com\"; ha-cluster:sites.a uses it already: each domain belongs to one site")]
    [InlineData("""{"sites":{"shop":{"image":"shop:1","domain":"us.com","minReplicas":2}}}""", "ha-cluster:sites.shop.minReplicas is 2; 3 zones need one replica each, otherwise the loss of one zone takes more than its share of replicas")]
    [InlineData("""{"sites":{"shop":{"image":"shop:1","domain":"us.com","minReplicas":4,"maxReplicas":3}}}""", "ha-cluster:sites.shop.maxReplicas is 3; it is less than minReplicas (4): raise it")]
    [InlineData("""{"sites":{"shop":{"image":"shop:1","domain":"us.com","maxReplicas":101}}}""", "ha-cluster:sites.shop.maxReplicas is 101; choose a number from 1 to 100")]
    [InlineData("""{"sites":{"shop":{"image":"shop:1","domain":"us.com","port":80}}}""", "ha-cluster:sites.shop.port is 80; a container without root can listen on 1024 to 65535 only")]
    [InlineData("""{"sites":{"shop":{"image":"shop:1","domain":"us.com","healthPath":"healthz"}}}""", "ha-cluster:sites.shop.healthPath is \"healthz\"; a path such as /healthz is expected here")]
    [InlineData("""{"sites":{"shop":{"image":"shop:1","domain":"us.com","objective":"99.9"}}}""", "ha-cluster:sites.shop.objective is \"99.9\"; the share of requests")]
    [InlineData("""{"sites":{"shop":{"image":"shop:1","domain":"us.com","cpu":"0"}}}""", "ha-cluster:sites.shop.cpu is 0; the autoscaler compares usage with this value: set 10m or more")]
    [InlineData("""{"sites":{"shop":{"image":"shop:1","domain":"us.com","memory":"8Mi"}}}""", "ha-cluster:sites.shop.memory is 8Mi; a server does not start with so little: set 16Mi or more")]
    [InlineData("""{"sites":{"shop":{"image":"shop:1","domain":"us.com","env":{"1X":"y"}}}}""", "ha-cluster:sites.shop.env.1X is not a valid name of a variable")]
    [InlineData("""{"sites":{"shop":{"image":"shop:1","domain":"us.com","replicas":3}}}""", "ha-cluster:sites.shop.replicas is not a setting; did you mean maxReplicas?")]
    [InlineData("""{"sites":{"shop":{"image":"shop:1","domain":"us.com"}},"namespaces":{"site-shop":{}}}""", "ha-cluster:namespaces.site-shop is the namespace of site shop; choose another name")]
    public void What_is_wrong_is_said_with_its_key(string json, string expected) =>
        Assert.Contains(Configuration.Read(json).Problems, problem => problem.StartsWith(expected, StringComparison.Ordinal));

    [Theory]
    [InlineData("shop:1")]
    [InlineData("registry.us.com:5000/team/shop:v1.2-rc.1")]
    [InlineData("shop@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("shop:latest@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public void An_image_by_tag_or_digest_is_good(string image) => Assert.Null(Shapes.PinnedImage.Fault(image));

    [Theory]
    [InlineData(63, false)]
    [InlineData(64, true)]
    public void The_gateway_has_room_for_63(int count, bool isTooMany)
    {
        var sites = string.Join(',', Enumerable.Range(0, count).Select(number => $$"""  "s{{number}}":{"image":"s:1","domain":"s{{number}}.us.com"} """));

        var problems = Configuration.Read($$"""{"sites":{ {{sites}} } }""").Problems;

        Assert.Equal(isTooMany, problems.Contains($"ha-cluster:sites is {count} sites; one gateway serves at most 63: move the others to a second cluster"));
        Assert.Equal(isTooMany ? 1 : 0, problems.Count);
    }

    [Theory]
    [InlineData("hello.example.com", true)]
    [InlineData("shop.test", true)]
    [InlineData("myexample.com", false)]
    public void A_reserved_domain_is_reported(string domain, bool isReserved)
    {
        var (settings, problems) = Configuration.Read($$$"""{"sites":{"shop":{"image":"shop:1","domain":"{{{domain}}}"} } }""");

        Assert.Empty(problems);
        Assert.Equal(isReserved, settings.Sites.Notices().Any(notice => notice.StartsWith($"ha-cluster:sites.shop.domain is {domain}; it is a reserved name", StringComparison.Ordinal)));
    }
}
