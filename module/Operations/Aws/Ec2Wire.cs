using System.Collections.Immutable;
using System.Xml.Linq;
using HaCluster.Account.Use;
using HaCluster.Account.Wire;

namespace HaCluster.Operations.Aws;

/// <summary>EC2 (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/).</summary>
internal sealed partial class Ec2Wire(AwsConnection connection) : IEc2
{
    private const int PageSize = 1000;
    private const int RouteTablesPerPage = 100;

    private QueryProtocol Query => connection.Query(AwsService.Ec2);

    public Task<ImmutableArray<Zone>> ListZonesAsync(CancellationToken cancellationToken) => AwsErrors.TranslateAsync("zones", async () =>
    {
        var answer = await Query.CallAsync("DescribeAvailabilityZones", [("AllAvailabilityZones", "false")], cancellationToken);
        return answer.List("availabilityZoneInfo").Select(zone => new Zone(zone.Text("zoneName") ?? "", zone.Text("zoneId") ?? "", zone.Text("zoneState") ?? "")).ToImmutableArray();
    });

    public Task<ImmutableArray<Instance>> ListInstancesAsync(string cluster, CancellationToken cancellationToken) =>
        InstancesAsync(Filtered(("tag-key", $"kubernetes.io/cluster/{cluster}")), cancellationToken);

    public Task<ImmutableArray<Instance>> FindInstancesAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        // A filter leaves out ids that do not exist; naming them would be an error for all.
        InChunksAsync(ids, chunk => InstancesAsync(FilteredBy("instance-id", chunk), cancellationToken));

    public Task TerminateAsync(IReadOnlyCollection<string> instanceIds, CancellationToken cancellationToken) => AwsErrors.TranslateAsync(
        string.Join(", ", instanceIds), () => Query.CallAsync("TerminateInstances", Reading.Numbered("InstanceId", instanceIds), cancellationToken));

    public Task StopAsync(IReadOnlyCollection<string> instanceIds, bool force, CancellationToken cancellationToken) => AwsErrors.TranslateAsync(
        string.Join(", ", instanceIds),
        () => Query.CallAsync("StopInstances", [("Force", force ? "true" : "false"), .. Reading.Numbered("InstanceId", instanceIds)], cancellationToken));

    public Task<ImmutableArray<Volume>> FindVolumesAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        InChunksAsync(ids, chunk => VolumesAsync(FilteredBy("volume-id", chunk), cancellationToken));

    public async Task<ImmutableArray<Volume>> ListVolumesAsync(string cluster, CancellationToken cancellationToken)
    {
        var ownership = new ClusterOwnership(cluster, []);
        return [.. (await VolumesAsync([], cancellationToken)).Where(volume => ownership.Owns(volume.Tags))];
    }

    public Task<ImmutableArray<NatGatewayState>> ListNatGatewaysAsync(string vpcId, CancellationToken cancellationToken) => AwsErrors.TranslateAsync($"NAT gateways of {vpcId}", async () =>
        await CollectAsync("DescribeNatGateways", "natGatewaySet", Filtered(("vpc-id", vpcId)), Nat, cancellationToken));

    public Task<ImmutableArray<Subnet>> ListSubnetsAsync(string vpcId, CancellationToken cancellationToken) => AwsErrors.TranslateAsync($"subnets of {vpcId}", async () =>
        await CollectAsync("DescribeSubnets", "subnetSet", Filtered(("vpc-id", vpcId)), SubnetOf, cancellationToken));

    public Task<ImmutableArray<RouteTable>> ListRouteTablesAsync(string vpcId, CancellationToken cancellationToken) => AwsErrors.TranslateAsync($"route tables of {vpcId}", async () =>
        await CollectAsync("DescribeRouteTables", "routeTableSet", Filtered(("vpc-id", vpcId)), Table, cancellationToken, RouteTablesPerPage));

    private Task<ImmutableArray<Instance>> InstancesAsync((string, string)[] filters, CancellationToken cancellationToken) => AwsErrors.TranslateAsync("instances", async () =>
    {
        var reservations = await CollectAsync("DescribeInstances", "reservationSet", filters, xml => xml.List("instancesSet").Select(InstanceOf), cancellationToken);
        return reservations.SelectMany(instances => instances).ToImmutableArray();
    });

    private Task<ImmutableArray<Volume>> VolumesAsync((string, string)[] filters, CancellationToken cancellationToken) => AwsErrors.TranslateAsync("volumes", async () =>
        await CollectAsync("DescribeVolumes", "volumeSet", filters, VolumeOf, cancellationToken));

    private async Task<ImmutableArray<T>> CollectAsync<T>(string operation, string set, (string, string)[] parameters, Func<XElement, T> read, CancellationToken cancellationToken, int pageSize = PageSize)
    {
        var found = ImmutableArray.CreateBuilder<T>();
        (string, string)[] all = [("MaxResults", $"{pageSize}"), .. parameters];
        await foreach (var page in Query.PagesAsync(operation, all, "nextToken", "NextToken", cancellationToken))
            found.AddRange(page.List(set).Select(read));
        return found.ToImmutable();
    }

    /// <summary>A filter takes 200 values (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html).</summary>
    private static async Task<ImmutableArray<T>> InChunksAsync<T>(IReadOnlyCollection<string> ids, Func<string[], Task<ImmutableArray<T>>> read)
    {
        var found = ImmutableArray.CreateBuilder<T>();
        foreach (var chunk in ids.Distinct(StringComparer.Ordinal).Chunk(200))
            found.AddRange(await read(chunk));
        return found.ToImmutable();
    }

    private static (string, string)[] Filtered(params (string Name, string Value)[] filters) =>
        [.. filters.SelectMany((filter, at) => new[] { ($"Filter.{at + 1}.Name", filter.Name), ($"Filter.{at + 1}.Value.1", filter.Value) })];

    private static (string, string)[] FilteredBy(string name, IEnumerable<string> values) => [("Filter.1.Name", name), .. Reading.Numbered("Filter.1.Value", values)];

    private static Instance InstanceOf(XElement xml)
    {
        var tags = xml.TagsOf("tagSet");
        return new Instance(
            xml.Text("instanceId") ?? "", xml.Text("instanceState", "name") ?? "", xml.Text("instanceType") ?? "", xml.Text("placement", "availabilityZone") ?? "",
            xml.Text("privateDnsName") ?? "", xml.Text("vpcId") ?? "", tags.GetValueOrDefault("aws:autoscaling:groupName") ?? "", xml.Text("instanceLifecycle") ?? "on-demand", tags);
    }

    private static Volume VolumeOf(XElement xml) => new(
        xml.Text("volumeId") ?? "", xml.Text("status") ?? "", xml.Text("availabilityZone") ?? "", xml.Int("size"), xml.Text("volumeType") ?? "",
        xml.Texts("attachmentSet", "instanceId"), xml.TagsOf("tagSet"));

    private static NatGatewayState Nat(XElement xml) => new(xml.Text("natGatewayId") ?? "", xml.Text("state") ?? "", xml.Text("subnetId") ?? "", xml.TagsOf("tagSet"));

    private static Subnet SubnetOf(XElement xml) => new(
        xml.Text("subnetId") ?? "", xml.Text("availabilityZone") ?? "", xml.Text("availabilityZoneId") ?? "", xml.Int("availableIpAddressCount"), xml.TagsOf("tagSet"));

    private static RouteTable Table(XElement xml) => new(
        xml.Text("routeTableId") ?? "",
        xml.List("associationSet").Any(one => one.Text("main") == "true"),
        xml.Texts("associationSet", "subnetId"),
        [
            .. xml.List("routeSet").Select(route => new Route(
                route.Text("destinationCidrBlock") ?? route.Text("destinationIpv6CidrBlock") ?? "",
                route.Text("natGatewayId") ?? route.Text("gatewayId") ?? route.Text("instanceId") ?? route.Text("networkInterfaceId") ?? "",
                route.Text("state") ?? "")),
        ]);
}
