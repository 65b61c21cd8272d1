using HaCluster.Engine.Graph;
using HaCluster.Planning.Costs.Estimates;
using HaCluster.Planning.Costs.Usage;

namespace HaCluster.Planning.Costs.Pricers;

/// <summary>Assigns resource types to their pricers.</summary>
internal static class ResourceCosts
{
    private static readonly Dictionary<string, Action<ResourceNode, CostSheet>> Pricers = new()
    {
        ["aws:cloudwatch/metricAlarm:MetricAlarm"] = AccountCosts.AddAlarm,
        ["aws:ec2/eip:Eip"] = NetworkCosts.AddAddress,
        ["aws:ec2/natGateway:NatGateway"] = NetworkCosts.AddNat,
        ["aws:ec2/vpc:Vpc"] = NetworkCosts.AddVpc,
        ["aws:ec2/vpcEndpoint:VpcEndpoint"] = NetworkCosts.AddEndpoint,
        ["aws:eks/cluster:Cluster"] = AccountCosts.AddControlPlane,
        ["aws:eks/nodeGroup:NodeGroup"] = NodeCosts.Add,
        ["aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"] = (stream, sheet) => sheet.Assume(stream, UsageCatalog.Firehose),
        ["aws:kms/key:Key"] = AccountCosts.AddKey,
        ["aws:lb/loadBalancer:LoadBalancer"] = BalancerCosts.AddLoadBalancer,
        ["aws:opensearch/domain:Domain"] = SearchCosts.AddDomain,
        ["aws:opensearchingest/pipeline:Pipeline"] = SearchCosts.AddPipeline,
        ["aws:rds/cluster:Cluster"] = DatabaseCosts.AddCluster,
        ["aws:rds/clusterInstance:ClusterInstance"] = DatabaseCosts.AddInstance,
        ["aws:rds/proxy:Proxy"] = DatabaseCosts.AddProxy,
        ["aws:rds/proxyEndpoint:ProxyEndpoint"] = DatabaseCosts.AddProxyEndpoint,
        ["aws:route53/zone:Zone"] = AccountCosts.AddHostedZone,
        ["aws:secretsmanager/secret:Secret"] = AccountCosts.AddSecret,
        ["aws:wafv2/webAcl:WebAcl"] = AccountCosts.AddWebAcl,
        ["kubernetes:core/v1:Service"] = BalancerCosts.AddService,
        ["kubernetes:gateway.networking.k8s.io/v1:Gateway"] = BalancerCosts.AddGateway,
        ["kubernetes:helm.sh/v3:Release"] = ChartCosts.Add,
    };

    /// <summary>Writes every resource of the plan into the sheet; returns those that are free.</summary>
    public static IEnumerable<FreeCost> Write(CostSheet sheet)
    {
        var free = new Dictionary<string, int>();
        foreach (var resource in sheet.Graph.Resources.Where(resource => resource is { IsCustom: true, IsRead: false }))
        {
            if (Pricers.TryGetValue(resource.Type, out var price))
                price(resource, sheet);
            else if (FreeTypes.ReasonFor(resource.Type) is not null)
                free[resource.Type] = free.GetValueOrDefault(resource.Type) + 1;
            else
                sheet.Unknown(resource, resource.Type, "it is not known whether this type costs anything");
        }

        ClaimCosts.Add(sheet);
        AccountCosts.AddSharedUsage(sheet);
        return free.OrderBy(type => type.Key, StringComparer.Ordinal)
            .Select(type => new FreeCost(type.Key, type.Value, FreeTypes.ReasonFor(type.Key)!));
    }
}
