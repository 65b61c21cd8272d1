using System.Text.Json.Nodes;
using HaCluster.Operations.Tests.Fakes;

namespace HaCluster.Operations.Tests.Aws;

/// <summary>Shapes as in botocore's model <c>arc-zonal-shift/2022-10-30</c>; moto has none of it.</summary>
public sealed class ZonalShiftTests
{
    private const string Arn = "arn:aws:eks:eu-central-1:123456789012:cluster/prod";

    private const string Shift =
        """{"zonalShiftId":"s1","resourceIdentifier":"arn:aws:eks:eu-central-1:123456789012:cluster/prod","awayFrom":"euc1-az2","status":"ACTIVE","startTime":1767323045,"expiryTime":1767326645,"comment":"storm"}""";

    [Fact]
    public async Task A_shift_is_started_extended_and_cancelled()
    {
        using var fake = new FakeAws(request => (request.Method == "POST" ? 201 : 200, Shift));
        using var aws = fake.Open();

        var started = await aws.ZonalShifts.StartAsync(Arn, "euc1-az2", TimeSpan.FromMinutes(90), "storm", CancellationToken.None);
        await aws.ZonalShifts.UpdateAsync("s1", TimeSpan.FromHours(4), null, CancellationToken.None);
        await aws.ZonalShifts.CancelAsync("s1", CancellationToken.None);

        Assert.Equal(("s1", "euc1-az2", "ACTIVE", TimeSpan.FromHours(1)), (started.Id, started.ZoneId, started.Status, started.ExpiresAt - started.StartedAt));
        Assert.Equal([("POST", "/zonalshifts"), ("PATCH", "/zonalshifts/s1"), ("DELETE", "/zonalshifts/s1")], fake.Requests.Select(one => (one.Method, one.Path)));
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse($$"""{"resourceIdentifier":"{{Arn}}","awayFrom":"euc1-az2","expiresIn":"90m","comment":"storm"}"""), JsonNode.Parse(fake.Requests[0].Body)));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"expiresIn":"4h"}"""), JsonNode.Parse(fake.Requests[1].Body)));
    }

    [Fact]
    public async Task All_pages_of_active_shifts_are_listed()
    {
        using var fake = new FakeAws(request => (200, request.Path.Contains("nextToken=2", StringComparison.Ordinal) ? $$"""{"items":[{{Shift}}]}""" : $$"""{"items":[{{Shift}}],"nextToken":"2"}"""));
        using var aws = fake.Open();

        Assert.Equal(2, (await aws.ZonalShifts.ListActiveAsync(null, CancellationToken.None)).Length);
        Assert.All(fake.Requests, request => Assert.Contains("status=ACTIVE", request.Path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_resize_names_only_what_changes_and_gives_the_update()
    {
        using var fake = new FakeAws(_ => (200, """{"update":{"id":"u1","status":"InProgress","errors":[]}}"""));
        using var aws = fake.Open();

        var update = await aws.Eks.ResizeAsync("prod", "general", null, 5, 9, CancellationToken.None);
        await aws.Eks.ReadUpdateAsync("prod", "general", "u1", CancellationToken.None);

        Assert.Equal(("u1", "InProgress"), (update.Id, update.Status));
        Assert.Equal("/clusters/prod/node-groups/general/update-config", fake.Requests[0].Path);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"desiredSize":5,"maxSize":9}"""), JsonNode.Parse(fake.Requests[0].Body)!["scalingConfig"]));
        Assert.Equal("/clusters/prod/updates/u1?nodegroupName=general", fake.Requests[1].Path);
    }

    [Theory]
    [InlineData(403, "AccessDeniedException", FailureKind.PermissionDenied, "permission missing: arc-zonal-shift:ListZonalShifts")]
    [InlineData(403, "ExpiredTokenException", FailureKind.CredentialsExpired, "Log in again")]
    [InlineData(403, "UnrecognizedClientException", FailureKind.CredentialsExpired, "log in again")]
    [InlineData(409, "ConflictException", FailureKind.Conflict, "Wait until")]
    [InlineData(404, "ResourceNotFoundException", FailureKind.NotFound, "Check the name")]
    [InlineData(400, "ValidationException", FailureKind.Rejected, "Correct the request")]
    public async Task A_refusal_has_its_kind_and_says_what_to_do(int status, string code, FailureKind kind, string text)
    {
        using var fake = new FakeAws(_ => (status, $$"""{"__type":"{{code}}","message":"no"}"""));
        using var aws = fake.Open();

        var failure = await Assert.ThrowsAsync<HaClusterException>(() => aws.ZonalShifts.ListActiveAsync(null, CancellationToken.None));

        Assert.Equal((kind, code), (failure.Kind, failure.Code));
        Assert.Contains(text, failure.Message, StringComparison.Ordinal);
        Assert.Equal("ARC Zonal Shift ListZonalShifts", failure.Call);
    }

    [Fact]
    public async Task A_service_that_nobody_serves_is_unreachable()
    {
        var fake = new FakeAws(_ => (200, "{}"));
        using var aws = fake.Open();
        fake.Dispose();

        var failure = await Assert.ThrowsAsync<HaClusterException>(() => aws.ZonalShifts.ListActiveAsync(null, CancellationToken.None));

        Assert.Equal(FailureKind.Unreachable, failure.Kind);
    }
}
