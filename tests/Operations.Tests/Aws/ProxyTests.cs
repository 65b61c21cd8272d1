using HaCluster.Operations.Tests.Fakes;

namespace HaCluster.Operations.Tests.Aws;

/// <summary>RDS Proxy, of which moto knows too little: the shapes are those of its API reference.</summary>
public sealed class ProxyTests
{
    [Fact]
    public async Task Database_clusters_behind_available_proxies_are_found_over_pages()
    {
        using var fake = new FakeAws(request => (200, request.Body switch
        {
            var body when body.Contains("DescribeDBProxyTargets", StringComparison.Ordinal) => $"""
                <DescribeDBProxyTargetsResponse><DescribeDBProxyTargetsResult><Targets>
                  <member><RdsResourceId>{(body.Contains("DBProxyName=one", StringComparison.Ordinal) ? "orders" : "payments")}</RdsResourceId><Type>TRACKED_CLUSTER</Type></member>
                  <member><RdsResourceId>payments-a</RdsResourceId><TrackedClusterId>payments</TrackedClusterId><Type>RDS_INSTANCE</Type></member>
                </Targets></DescribeDBProxyTargetsResult></DescribeDBProxyTargetsResponse>
                """,
            var body => $"""
                <DescribeDBProxiesResponse><DescribeDBProxiesResult><DBProxies>
                  {(body.Contains("Marker", StringComparison.Ordinal) ? "<member><DBProxyName>two</DBProxyName><Status>available</Status></member>" : "<member><DBProxyName>one</DBProxyName><Status>available</Status></member><member><DBProxyName>three</DBProxyName><Status>creating</Status></member>")}
                </DBProxies>{(body.Contains("Marker", StringComparison.Ordinal) ? "" : "<Marker>next</Marker>")}</DescribeDBProxiesResult></DescribeDBProxiesResponse>
                """,
        }));
        using var aws = fake.Open();

        Assert.Equal(["orders", "payments"], (await aws.Databases.ListProxiedAsync(CancellationToken.None)).ToArray());
        Assert.Equal(4, fake.Requests.Count);
    }
}
