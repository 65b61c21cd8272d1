using System.Text.Json.Nodes;
using HaCluster.Planning.ServiceQuotas;
using HaCluster.Twin.Aws.Protocols;
using HaCluster.Twin.World;

namespace HaCluster.Twin.Aws.Services;

/// <summary>Requests for higher quotas. Where a person of AWS may take days, the twin approves after ten minutes of its time.</summary>
internal sealed class QuotaRequests(Account account)
{
    private static readonly TimeSpan Decision = TimeSpan.FromMinutes(10);

    private readonly List<Request> _all = [];

    /// <summary>What a quota was raised to; null when it never was.</summary>
    public decimal? Raised(ServiceQuota quota) => account.World.Act(run => _all.Where(one => one.Quota == quota && IsApproved(one, run.Now)).Select(one => (decimal?)one.Desired).Max());

    /// <exception cref="AwsException">It is not higher, cannot be raised, or a request is open.</exception>
    public JsonObject File(ServiceQuota quota, decimal value, decimal desired) => account.World.Act(run =>
    {
        if (!quota.IsAdjustable)
            throw new AwsException("IllegalArgumentException", $"The quota {quota.Code} is not adjustable.");
        if (desired <= value)
            throw new AwsException("IllegalArgumentException", $"You must provide a quota value greater than the current quota value, {value}.");
        if (_all.Exists(one => one.Quota == quota && !IsApproved(one, run.Now)))
            throw new AwsException("ResourceAlreadyExistsException", "Only one open service quota increase request is allowed per quota.");
        var request = new Request(quota, desired, run.Now, Ids.Hex($"{quota.Code}/{_all.Count}", 32));
        _all.Add(request);
        return Json.Map(("RequestedQuota", Describe(request, run.Now)));
    });

    /// <param name="isWanted">By service and code.</param>
    public JsonObject History(AwsCall call, Func<ServiceQuota, bool> isWanted) => account.World.Act(run =>
    {
        var status = (string?)call.Body["Status"];
        var wanted = _all.Where(one => isWanted(one.Quota)).Select(one => Describe(one, run.Now)).Where(one => status is null || (string?)one["Status"] == status).Reverse().ToList();
        var (page, next) = Paging.Of(wanted, (string?)call.Body["NextToken"], (int?)call.Body["MaxResults"]);
        return Json.Map(("RequestedQuotas", Json.List(page)), ("NextToken", next));
    });

    private static bool IsApproved(Request request, TimeSpan now) => now - request.At >= Decision;

    private JsonObject Describe(Request request, TimeSpan now) => Json.Map(
        ("Id", request.Id), ("ServiceCode", request.Quota.Service), ("ServiceName", request.Quota.Service), ("QuotaCode", request.Quota.Code), ("QuotaName", request.Quota.Name),
        ("DesiredValue", (double)request.Desired), ("Status", IsApproved(request, now) ? "APPROVED" : "PENDING"), ("Created", account.At(request.At).ToUnixTimeSeconds()),
        ("Requester", Json.Map(("accountId", account.Id), ("callerArn", account.CallerArn)).ToJsonString()), ("GlobalQuota", request.Quota.Scope == QuotaScope.Account), ("Unit", "None"));

    private sealed record Request(ServiceQuota Quota, decimal Desired, TimeSpan At, string Id);
}
