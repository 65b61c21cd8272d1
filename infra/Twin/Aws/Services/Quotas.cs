using System.Text.Json.Nodes;
using HaCluster.Planning.ServiceQuotas;
using HaCluster.Twin.Aws.Protocols;
using HaCluster.Twin.World;

namespace HaCluster.Twin.Aws.Services;

/// <summary>
/// Service Quotas (https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/): the limits of an account whose adjustable ones were raised for this
/// stack, to twice its need, and others as AWS documents them.
/// </summary>
internal sealed class Quotas(Account account)
{
    private readonly QuotaRequests _requests = new(account);

    private readonly Lazy<IReadOnlyList<(ServiceQuota Quota, decimal Value)>> _all = new(() =>
    {
        var needs = account.World.Plan.Graph is { } graph ? QuotaNeeds.Of(graph, account.World.Plan.Model).Needs : [];
        return
        [
            .. ServiceQuotaCatalog.All.Where(quota => quota.Code is not null).Select(quota =>
            {
                var need = needs.Where(need => need.Quota == quota).Select(need => (decimal?)need.AtMost).Max() ?? 0;
                return (quota, quota.IsAdjustable ? Math.Max(quota.Default, need * 2) : quota.Default);
            }),
        ];
    });

    public JsonObject Answer(AwsCall call) => call.Operation switch
    {
        "ListServiceQuotas" => List(call, isDefault: false),
        "ListAWSDefaultServiceQuotas" => List(call, isDefault: true),
        "GetServiceQuota" => Json.Map(("Quota", Describe(Find(call), isDefault: false))),
        "RequestServiceQuotaIncrease" => Request(call),
        "ListRequestedServiceQuotaChangeHistory" => _requests.History(call, quota => (string?)call.Body["ServiceCode"] is not { } service || quota.Service == service),
        "ListRequestedServiceQuotaChangeHistoryByQuota" => HistoryOf(call, Find(call).Quota),
        "GetAWSDefaultServiceQuota" => Json.Map(("Quota", Describe(Find(call), isDefault: true))),
        _ => throw new AwsException("UnknownOperationException", $"the twin does not have {call.Operation}"),
    };

    private JsonObject List(AwsCall call, bool isDefault)
    {
        var service = (string?)call.Body["ServiceCode"] ?? throw new AwsException("ValidationException", "ServiceCode is missing");
        var wanted = _all.Value.Where(one => one.Quota.Service == service).ToList();
        if (wanted.Count == 0)
            throw new AwsException("NoSuchResourceException", $"The twin knows no quota of the service {service}");
        var (page, next) = Paging.Of(wanted, (string?)call.Body["NextToken"], (int?)call.Body["MaxResults"]);
        return Json.Map(("Quotas", Json.List(page.Select(one => Describe(one, isDefault)))), ("NextToken", next));
    }

    private JsonObject HistoryOf(AwsCall call, ServiceQuota wanted) => _requests.History(call, quota => quota == wanted);

    private JsonObject Request(AwsCall call)
    {
        var (quota, value) = Find(call);
        var desired = (decimal?)call.Body["DesiredValue"] ?? throw new AwsException("ValidationException", "DesiredValue is missing");
        return _requests.File(quota, _requests.Raised(quota) ?? value, desired);
    }

    private (ServiceQuota Quota, decimal Value) Find(AwsCall call)
    {
        var (service, code) = ((string?)call.Body["ServiceCode"], (string?)call.Body["QuotaCode"]);
        return _all.Value.FirstOrDefault(one => one.Quota.Service == service && one.Quota.Code == code) is { Quota: not null } found
            ? found
            : throw new AwsException("NoSuchResourceException", $"The request failed because the quota {service} {code} does not exist");
    }

    private JsonObject Describe((ServiceQuota Quota, decimal Value) one, bool isDefault) => Json.Map(
        ("ServiceCode", one.Quota.Service), ("ServiceName", one.Quota.Service), ("QuotaCode", one.Quota.Code), ("QuotaName", one.Quota.Name),
        ("QuotaArn", account.Arn("servicequotas", $"{one.Quota.Service}/{one.Quota.Code}")), ("Value", (double)(isDefault ? one.Quota.Default : _requests.Raised(one.Quota) ?? one.Value)), ("Unit", "None"),
        ("Adjustable", one.Quota.IsAdjustable), ("GlobalQuota", one.Quota.Scope == QuotaScope.Account));
}

/// <summary>https://docs.aws.amazon.com/opensearch-service/latest/APIReference/: every domain of the program is healthy.</summary>
internal sealed class OpenSearch(Account account)
{
    public JsonObject Answer(AwsCall call) => call.Operation switch
    {
        "ListDomainNames" => Json.Map(("DomainNames", Json.List(account.World.Plan.Model.SearchDomains.Select(domain => Json.Map(("DomainName", domain.Name), ("EngineType", "OpenSearch")))))),
        "DescribeDomains" => Json.Map(("DomainStatusList", Json.List(
            account.World.Plan.Model.SearchDomains.Where(domain => call.Body["DomainNames"]?.AsArray().Any(name => (string?)name == domain.Name) == true).Select(Describe)))),
        // All of them are of the one cluster.
        "ListTags" => Json.Map(("TagList", Json.List(account.ClusterTags.Select(tag => Json.Map(("Key", tag.Key), ("Value", tag.Value)))))),
        _ => Health(call),
    };

    private JsonObject Describe(Simulation.Model.SearchDomain domain) => Json.Map(
        ("DomainName", domain.Name), ("ARN", account.Arn("es", $"domain/{domain.Name}")), ("Created", true), ("Deleted", false),
        ("ClusterConfig", Json.Map(
            ("InstanceCount", domain.DataNodes), ("DedicatedMasterEnabled", domain.Masters > 0), ("DedicatedMasterCount", domain.Masters), ("ZoneAwarenessEnabled", domain.Zones > 1),
            ("ZoneAwarenessConfig", Json.Map(("AvailabilityZoneCount", domain.Zones))), ("MultiAZWithStandbyEnabled", domain.HasStandby))));

    private JsonObject Health(AwsCall call)
    {
        var domain = account.World.Plan.Model.SearchDomains.FirstOrDefault(one => one.Name == call.Path[0])
            ?? throw new AwsException("ResourceNotFoundException", $"Domain not found: {call.Path[0]}", 409);
        return Json.Map(
            ("DomainState", "Active"), ("ClusterHealth", "Green"), ("DataNodeCount", $"{domain.DataNodes}"), ("ActiveAvailabilityZoneCount", $"{domain.Zones}"),
            ("MasterNode", domain.Masters > 0 ? "Available" : "UnAvailable"), ("TotalShards", "0"), ("TotalUnAssignedShards", "0"));
    }
}
