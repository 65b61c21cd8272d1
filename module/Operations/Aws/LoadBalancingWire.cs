using System.Collections.Immutable;
using System.Xml.Linq;
using HaCluster.Account.Use;
using HaCluster.Account.Wire;

namespace HaCluster.Operations.Aws;

/// <summary>Elastic Load Balancing v2 (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/).</summary>
internal sealed class LoadBalancingWire(AwsConnection connection) : ILoadBalancers
{
    private QueryProtocol Query => connection.Query(AwsService.LoadBalancing);

    public Task<ImmutableArray<LoadBalancer>> ListAsync(string cluster, CancellationToken cancellationToken) => AwsErrors.TranslateAsync("load balancers", async () =>
    {
        var ownership = new ClusterOwnership(cluster, []);
        var found = ImmutableArray.CreateBuilder<LoadBalancer>();
        foreach (var (xml, tags) in await BalancingTags.ListAsync(connection, "DescribeLoadBalancers", "LoadBalancers", "LoadBalancerArn", cancellationToken))
        {
            if (!ownership.Owns(tags))
                continue;
            var arn = xml.Text("LoadBalancerArn") ?? "";
            var attributes = await Query.CallAsync("DescribeLoadBalancerAttributes", [("LoadBalancerArn", arn)], cancellationToken);
            found.Add(new LoadBalancer(
                arn, xml.Text("LoadBalancerName") ?? "", xml.Text("Type") ?? "", xml.Text("Scheme") ?? "", xml.Text("State", "Code") ?? "", xml.Text("DNSName") ?? "",
                xml.Texts("AvailabilityZones", "ZoneName"),
                attributes.List("Attributes").Any(one => one.Text("Key") == "zonal_shift.config.enabled" && one.Text("Value") == "true"),
                tags.ToImmutableSortedDictionary(StringComparer.Ordinal)));
        }

        return found.ToImmutable();
    });

    public Task<ImmutableArray<TargetGroup>> ListTargetGroupsAsync(string loadBalancerArn, CancellationToken cancellationToken) => AwsErrors.TranslateAsync(loadBalancerArn, async () =>
    {
        var found = ImmutableArray.CreateBuilder<TargetGroup>();
        await foreach (var page in Query.PagesAsync("DescribeTargetGroups", [("LoadBalancerArn", loadBalancerArn)], "NextMarker", "Marker", cancellationToken))
            found.AddRange(page.List("TargetGroups").Select(Group));
        return found.ToImmutable();
    });

    public Task<ImmutableArray<TargetGroup>> ListTargetGroupsOfClusterAsync(string cluster, CancellationToken cancellationToken) => AwsErrors.TranslateAsync("target groups", async () =>
    {
        var ownership = new ClusterOwnership(cluster, []);
        var found = await BalancingTags.ListAsync(connection, "DescribeTargetGroups", "TargetGroups", "TargetGroupArn", cancellationToken);
        return found.Where(one => ownership.Owns(one.Tags)).Select(one => Group(one.Element)).ToImmutableArray();
    });

    public Task<ImmutableArray<TargetHealth>> ReadHealthAsync(string targetGroupArn, CancellationToken cancellationToken) => AwsErrors.TranslateAsync(targetGroupArn, async () =>
    {
        var answer = await Query.CallAsync("DescribeTargetHealth", [("TargetGroupArn", targetGroupArn)], cancellationToken);
        return answer.List("TargetHealthDescriptions").Select(one => new TargetHealth(
            one.Text("Target", "Id") ?? "", one.Int("Target", "Port"), one.Text("Target", "AvailabilityZone") ?? "", one.Text("TargetHealth", "State") ?? "",
            one.Text("TargetHealth", "Description") ?? one.Text("TargetHealth", "Reason") ?? "")).ToImmutableArray();
    });

    private static TargetGroup Group(XElement xml) => new(
        xml.Text("TargetGroupArn") ?? "", xml.Text("TargetGroupName") ?? "", xml.Text("Protocol") ?? "", xml.Int("Port"), xml.Text("TargetType") ?? "", xml.Texts("LoadBalancerArns"));
}
