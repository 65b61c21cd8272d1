using System.Globalization;
using System.Text.Json;
using HaCluster.Twin.Aws.Protocols;
using HaCluster.Twin.Storage;
using HaCluster.Twin.World;
using static HaCluster.Twin.Aws.Protocols.XmlAnswers;

namespace HaCluster.Twin.Aws.Services;

/// <summary>The network load balancers that the Services of the cluster ask for (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/).</summary>
internal sealed class LoadBalancing(Account account)
{
    public static IReadOnlyList<Balancer> Balancers(Account account) =>
    [
        .. account.World.Store.List(account.World.Store.Kinds["services"]).Items
            .Where(service => service.Text("spec", "type") == "LoadBalancer")
            .Select(service => new Balancer(account, service)),
    ];

    public IEnumerable<object?> Answer(AwsCall call) => call.Operation switch
    {
        "DescribeLoadBalancers" => Describe(call),
        "DescribeLoadBalancerAttributes" => [List("Attributes", "member", [
            [El("Key", "zonal_shift.config.enabled"), El("Value", "true")],
            [El("Key", "load_balancing.cross_zone.enabled"), El("Value", Find(call.Get("LoadBalancerArn")).CrossesZones ? "true" : "false")]])],
        "DescribeTargetGroups" => TargetGroups(call),
        "DescribeTargetHealth" => Health(call),
        "DescribeTags" => Tags(call),
        _ => throw ServiceTable.Unknown(call),
    };

    private IEnumerable<object?> Describe(AwsCall call)
    {
        var (arns, names) = (call.List("LoadBalancerArns"), call.List("Names"));
        foreach (var arn in arns)
            Find(arn);
        var wanted = Balancers(account).Where(one => (arns.Count == 0 || arns.Contains(one.Arn)) && (names.Count == 0 || names.Contains(one.Name))).ToList();
        if (names.FirstOrDefault(name => !wanted.Exists(one => one.Name == name)) is { } missing)
            throw new AwsException("LoadBalancerNotFound", $"Load balancers '[{missing}]' not found");
        var (page, next) = Paging.Of(wanted, call.Find("Marker"), call.Number("PageSize"));
        return
        [
            List("LoadBalancers", "member", page.Select(one => new object?[]
            {
                El("LoadBalancerArn", one.Arn), El("DNSName", one.DnsName), El("CreatedTime", Account.Iso(account.At(TimeSpan.Zero))), El("LoadBalancerName", one.Name),
                El("Scheme", one.IsPublic ? "internet-facing" : "internal"), El("VpcId", account.VpcId), El("State", El("Code", "active")), El("Type", "network"),
                List("AvailabilityZones", "member", account.Zones.Select(zone => new object?[] { El("ZoneName", zone), El("SubnetId", account.SubnetOf(zone)?.Id ?? "") })), El("IpAddressType", "ipv4"),
            })),
            next is null ? null : El("NextMarker", next),
        ];
    }

    private IEnumerable<object?> TargetGroups(AwsCall call)
    {
        var (balancer, arns) = (call.Find("LoadBalancerArn"), call.List("TargetGroupArns"));
        var balancers = balancer is null ? Balancers(account) : [Find(balancer)];
        var wanted = balancers.SelectMany(one => one.Ports.Select(port => (Balancer: one, Port: port))).Where(one => arns.Count == 0 || arns.Contains(one.Balancer.TargetGroupArn(one.Port))).ToList();
        var (page, next) = Paging.Of(wanted, call.Find("Marker"), call.Number("PageSize"));
        return
        [
            List("TargetGroups", "member", page.Select(one => new object?[]
            {
                El("TargetGroupArn", one.Balancer.TargetGroupArn(one.Port)), El("TargetGroupName", one.Balancer.TargetGroupName(one.Port)), El("Protocol", "TCP"), El("Port", Text(one.Port)),
                El("VpcId", account.VpcId), El("TargetType", "ip"), El("LoadBalancerArns", El("member", one.Balancer.Arn)), El("HealthCheckProtocol", "TCP"), El("HealthCheckEnabled", "true"),
            })),
            next is null ? null : El("NextMarker", next),
        ];
    }

    private IEnumerable<object?> Health(AwsCall call) => account.World.Act(_ =>
    {
        var arn = call.Get("TargetGroupArn");
        var found = Balancers(account).SelectMany(one => one.Ports.Select(port => (Balancer: one, Port: port))).FirstOrDefault(one => one.Balancer.TargetGroupArn(one.Port) == arn);
        if (found.Balancer is null)
            throw new AwsException("TargetGroupNotFound", $"Target groups '{arn}' not found");
        var service = found.Balancer.Service;
        var slices = account.World.Store.List(account.World.Store.Kinds["endpointslices.discovery.k8s.io"], service.Namespace).Items
            .Where(slice => slice.Labels.GetValueOrDefault("kubernetes.io/service-name") == service.Name);
        var endpoints = slices.SelectMany(slice => slice.Find("endpoints") is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray().ToArray() : []);
        return (object?[])[List("TargetHealthDescriptions", "member", endpoints.Select(endpoint =>
        {
            var isReady = endpoint.GetProperty("conditions").GetProperty("ready").GetBoolean();
            return new object?[]
            {
                El("Target", El("Id", endpoint.GetProperty("addresses")[0].GetString()), El("Port", Text(found.Port)), El("AvailabilityZone", endpoint.GetProperty("zone").GetString())),
                El("HealthCheckPort", Text(found.Port)),
                El("TargetHealth", El("State", isReady ? "healthy" : "unhealthy"), isReady ? null : El("Reason", "Target.FailedHealthChecks"), isReady ? null : El("Description", "Health checks failed")),
            };
        }))];
    });

    private IEnumerable<object?> Tags(AwsCall call) =>
    [
        List("TagDescriptions", "member", call.List("ResourceArns").Select(arn => new object?[]
        {
            El("ResourceArn", arn),
            List("Tags", "member", TagsOf(arn).Select(tag => new object?[] { El("Key", tag.Key), El("Value", tag.Value) })),
        })),
    ];

    private Dictionary<string, string> TagsOf(string arn)
    {
        var balancer = Balancers(account).FirstOrDefault(one => one.Arn == arn || one.Ports.Any(port => one.TargetGroupArn(port) == arn))
            ?? throw new AwsException("LoadBalancerNotFound", $"One or more resources '{arn}' not found");
        return new()
        {
            ["elbv2.k8s.aws/cluster"] = account.ClusterName,
            ["service.k8s.aws/stack"] = $"{balancer.Service.Namespace}/{balancer.Service.Name}",
            ["service.k8s.aws/resource"] = "LoadBalancer",
        };
    }

    private Balancer Find(string arn) => Balancers(account).FirstOrDefault(one => one.Arn == arn) ?? throw new AwsException("LoadBalancerNotFound", $"Load balancers '[{arn}]' not found");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The load balancer of a Service.</summary>
internal sealed class Balancer(Account account, StoredObject service)
{
    private const string Annotation = "service.beta.kubernetes.io/aws-load-balancer-";

    public StoredObject Service { get; } = service;

    public string Name { get; } = $"k8s-{Short(service.Namespace!)}-{Short(service.Name)}-{Ids.Hex(service.Uid, 10)}";

    public string Arn => account.Arn("elasticloadbalancing", $"loadbalancer/net/{Name}/{Ids.Hex(Name, 16)}");

    public string DnsName => $"{Name}-{Ids.Hex(Name, 16)}.elb.{account.Region}.amazonaws.com";

    public bool IsPublic => Service.Text("metadata", "annotations", Annotation + "scheme") == "internet-facing";

    public bool CrossesZones => Service.Text("metadata", "annotations", Annotation + "attributes")?.Contains("load_balancing.cross_zone.enabled=true", StringComparison.Ordinal) == true;

    public IReadOnlyList<int> Ports => Service.Find("spec", "ports") is { ValueKind: JsonValueKind.Array } ports ? [.. ports.EnumerateArray().Select(port => port.GetProperty("port").GetInt32())] : [];

    public string TargetGroupName(int port) => $"k8s-{Short(Service.Namespace!)}-{Short(Service.Name)}-{Ids.Hex($"{Service.Uid}/{port}", 10)}";

    public string TargetGroupArn(int port) => account.Arn("elasticloadbalancing", $"targetgroup/{TargetGroupName(port)}/{Ids.Hex(TargetGroupName(port), 16)}");

    /// <summary>Names have at most 32 characters; the controller takes eight of each part.</summary>
    private static string Short(string text) => text.Length <= 8 ? text : text[..8];
}
