using HaCluster.Account.Limits;
using HaCluster.Account.Tests.StandIn;

namespace HaCluster.Account.Tests.Limits;

public sealed class StandInLimitTests
{
    private static readonly QuotaReference Addresses = new("ec2", "L-0263D0A3");
    private static readonly QuotaReference Roles = new("iam", "L-FE177D64", IsGlobal: true);

    [Fact]
    public async Task All_pages_of_the_list_are_read_and_every_call_is_signed()
    {
        using var aws = new StandInAws(request => !request.Json.TryGetProperty("NextToken", out _)
            ? StandInAnswer.Json("""{"Quotas":[{"QuotaCode":"L-1216C47A","Value":64,"Adjustable":true}],"NextToken":"more"}""")
            : StandInAnswer.Json("""{"Quotas":[{"QuotaCode":"L-0263D0A3","Value":20.0,"Adjustable":true}]}"""));
        var limit = Assert.Single(await ReadAsync(aws, Addresses));
        Assert.Equal((20m, true, false), (limit.Value, limit.IsAdjustable, limit.IsDefault));
        Assert.Equal(2, aws.Requests.Count);
        Assert.All(aws.Requests, request =>
        {
            Assert.StartsWith("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/", request.Headers["Authorization"], StringComparison.Ordinal);
            Assert.Equal(("eu-central-1", "servicequotas"), request.SignedFor);
            Assert.Equal("ServiceQuotasV20190624.ListServiceQuotas", request.Headers["X-Amz-Target"]);
        });
    }

    [Fact]
    public async Task Global_quotas_are_asked_for_at_home()
    {
        using var aws = new StandInAws(_ => StandInAnswer.Json("""{"Quotas":[{"QuotaCode":"L-FE177D64","Value":1000}]}"""));
        await ReadAsync(aws, Roles);
        Assert.Equal(("us-east-1", "servicequotas"), aws.Requests.Single().SignedFor);
    }

    [Fact]
    public async Task An_account_without_a_limit_of_its_own_has_AWSs_default()
    {
        using var aws = new StandInAws(request => request.Operation switch
        {
            "ListServiceQuotas" => StandInAnswer.Json("""{"Quotas":[]}"""),
            "GetServiceQuota" => StandInAnswer.Error("NoSuchResourceException"),
            _ => StandInAnswer.Json("""{"Quota":{"QuotaCode":"L-0263D0A3","Value":5}}"""),
        });
        var limit = Assert.Single(await ReadAsync(aws, Addresses));
        Assert.Equal((5m, true), (limit.Value, limit.IsDefault));
    }

    [Fact]
    public async Task A_limit_that_may_not_be_read_is_not_replaced_by_the_default()
    {
        using var aws = new StandInAws(request => request.Operation == "GetAWSDefaultServiceQuota"
            ? StandInAnswer.Json("""{"Quota":{"QuotaCode":"L-0263D0A3","Value":5}}""")
            : StandInAnswer.Error("AccessDeniedException"));
        var limit = Assert.Single(await ReadAsync(aws, Addresses));
        Assert.Null(limit.Value);
        Assert.Equal("not permitted: Service Quotas GetServiceQuota", limit.Unread);
    }

    [Fact]
    public async Task Throttling_is_waited_for()
    {
        var refused = 0;
        using var aws = new StandInAws(_ => Interlocked.Increment(ref refused) <= 2
            ? StandInAnswer.Error("ThrottlingException", refused == 1 ? 429 : 400)
            : StandInAnswer.Json("""{"Quotas":[{"QuotaCode":"L-0263D0A3","Value":20}]}"""));
        Assert.Equal(20, Assert.Single(await ReadAsync(aws, Addresses)).Value);
        Assert.Equal(3, aws.Requests.Count);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(404)]
    public async Task A_page_in_place_of_an_answer_is_said_to_be_one(int status)
    {
        using var aws = new StandInAws(_ => StandInAnswer.Html(status));
        var limit = Assert.Single(await ReadAsync(aws, Addresses));
        Assert.Null(limit.Value);
        Assert.Contains("a proxy may have answered, or the endpoint is wrong", limit.Unread!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_open_request_is_found_among_old_ones_on_any_page()
    {
        using var aws = new StandInAws(request => !request.Json.TryGetProperty("NextToken", out _)
            ? StandInAnswer.Json("""{"RequestedQuotas":[{"Id":"1","Status":"APPROVED","DesiredValue":8}],"NextToken":"more"}""")
            : StandInAnswer.Json("""{"RequestedQuotas":[{"Id":"2","Status":"CASE_OPENED","DesiredValue":16}]}"""));
        using var account = aws.Open();
        var open = await account.FindOpenRequestAsync(Addresses, CancellationToken.None);
        Assert.Equal(("2", 16m), (open!.Id, open.DesiredValue));
    }

    [Fact]
    public async Task A_request_says_what_is_wanted()
    {
        using var aws = new StandInAws(_ => StandInAnswer.Json("""{"RequestedQuota":{"Id":"7","Status":"PENDING","DesiredValue":9}}"""));
        using var account = aws.Open();
        var filed = await account.RequestIncreaseAsync(Addresses, 9, CancellationToken.None);
        Assert.True(filed.IsOpen);
        var sent = aws.Requests.Single();
        Assert.Equal(
            ("RequestServiceQuotaIncrease", "ec2", "L-0263D0A3", 9),
            (sent.Operation, sent.Json.GetProperty("ServiceCode").GetString(), sent.Json.GetProperty("QuotaCode").GetString(), sent.Json.GetProperty("DesiredValue").GetInt32()));
    }

    private static async Task<IReadOnlyList<AccountLimit>> ReadAsync(StandInAws aws, params QuotaReference[] quotas)
    {
        using var account = aws.Open();
        return await account.ReadLimitsAsync(quotas, progress: null, CancellationToken.None);
    }
}
