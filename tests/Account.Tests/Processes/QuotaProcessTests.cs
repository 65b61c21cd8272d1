using System.Text.Json;
using HaCluster.Account.Tests.StandIn;
using HaCluster.Cli.Tests.Processes;

namespace HaCluster.Account.Tests.Processes;

/// <summary><c>ha quota</c> with an account that is a stand-in, found through <c>AWS_ENDPOINT_URL</c>.</summary>
[Collection(EnvironmentCollection.Name)]
public sealed class QuotaProcessTests
{
    [Theory]
    [InlineData("prod", 42, 216)] // 3x2 + 3x8 + 3x4; (6+6)x2 + 3x(3+2)x8 + (12+6)x4: what Pulumi.prod.yaml says.
    [InlineData("dev", null, null)]
    public void Offline_the_stack_is_compared_with_AWSs_defaults(string stack, int? atRest, int? atMost)
    {
        var (code, output, _) = Answer([], "quota", "--stack", stack, "--json");
        Assert.Equal(4, code);
        var root = JsonDocument.Parse(output).RootElement;
        Assert.Equal(("hacluster.quota/1", stack, false), (root.GetProperty("format").GetString(), root.GetProperty("stack").GetString(), root.TryGetProperty("account", out _)));
        var cpus = Quota(root, "L-1216C47A");
        Assert.Equal(("short", 5), (cpus.GetProperty("verdict").GetString(), cpus.GetProperty("limit").GetInt32()));
        if (atRest is not null)
            Assert.Equal((atRest, atMost), (cpus.GetProperty("need").GetProperty("atRest").GetInt32(), cpus.GetProperty("need").GetProperty("atMost").GetInt32()));
        Assert.Equal("fits", Quota(root, "L-FE177D64").GetProperty("verdict").GetString());
    }

    [Fact]
    public void Piped_it_is_plain_text_whose_rows_are_never_wrapped()
    {
        var (_, output, error) = Answer([], "quota", "--stack", "dev", "--explain");
        Assert.Equal("", error);
        Assert.All(output.Split('\n'), line => Assert.Equal(line.TrimEnd(), line));
        Assert.Contains("L-1216C47A  Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances ", output, StringComparison.Ordinal);
        Assert.Contains("compared with AWS's defaults", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_an_account_its_limits_and_the_use_of_others_decide_and_what_may_not_be_read_is_unknown()
    {
        using var aws = new StandInAws(request => request.Operation == "DescribeAddresses"
            ? StandInAnswer.Xml("""
                <DescribeAddressesResponse><addressesSet><item/><item/>
                <item><tagSet><item><key>Cluster</key><value>ha-cluster-prod</value></item></tagSet></item></addressesSet></DescribeAddressesResponse>
                """)
            : QuotaService(request));
        var (code, output, error) = await RunAsync(Credentials(aws), "quota", "--account", "--json", "-");
        Assert.Equal((4, ""), (code, error));
        var root = JsonDocument.Parse(output).RootElement;
        Assert.Equal("123456789012", root.GetProperty("account").GetString());
        var addresses = Quota(root, "L-0263D0A3");
        Assert.Equal(("short", 2, 4, 1), (addresses.GetProperty("verdict").GetString(), addresses.GetProperty("use").GetInt32(), addresses.GetProperty("limit").GetInt32(), addresses.GetProperty("shortBy").GetInt32()));
        var databases = Quota(root, "L-952B80B8");
        Assert.Equal(
            ("unknown", "not permitted: RDS DescribeDBClusters", false),
            (databases.GetProperty("verdict").GetString(), databases.GetProperty("unread").GetString(), databases.TryGetProperty("use", out _)));
    }

    [Fact]
    public void Requests_are_filed_for_what_is_short_except_where_one_is_open()
    {
        using var aws = new StandInAws(QuotaService);
        var (code, _, error) = Answer(Credentials(aws), "quota", "--request", "--yes");
        Assert.Equal(4, code);
        Assert.Contains("not requested: L-34B43A08", error, StringComparison.Ordinal);
        var filed = aws.Requests.Where(request => request.Operation == "RequestServiceQuotaIncrease")
            .ToDictionary(request => request.Json.GetProperty("QuotaCode").GetString()!, request => request.Json.GetProperty("DesiredValue").GetDecimal());
        Assert.Equal(216, filed["L-1216C47A"]);
        Assert.DoesNotContain("L-34B43A08", filed.Keys);
        Assert.Contains("requested: L-1216C47A", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_person_nothing_is_filed_unless_told_so()
    {
        using var aws = new StandInAws(QuotaService);
        var (code, _, error) = Answer(Credentials(aws), "quota", "--request");
        Assert.Equal(2, code);
        Assert.Contains("add --yes to file without asking", error, StringComparison.Ordinal);
        Assert.Empty(aws.Requests);
    }

    [Fact]
    public void An_account_that_does_not_know_the_caller_is_said_at_once()
    {
        using var aws = new StandInAws(_ => StandInAnswer.Xml("<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>who</Message></Error></ErrorResponse>", 403));
        var (code, output, error) = Answer(Credentials(aws), "quota", "--account");
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("the account cannot be read: STS GetCallerIdentity: InvalidClientTokenId", error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_account_that_cannot_be_reached_is_a_failure_and_not_wrong_usage()
    {
        using var aws = new StandInAws(_ => StandInAnswer.Xml("<html>Service Unavailable</html>", 503));
        var away = Credentials(aws);
        away["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1";
        away["AWS_MAX_ATTEMPTS"] = "1";
        var proxied = Credentials(aws);
        proxied["AWS_MAX_ATTEMPTS"] = "1";

        var nobody = Answer(away, "quota", "--account");
        var proxy = Answer(proxied, "quota", "--account");

        Assert.Equal((3, ""), (nobody.Code, nobody.Output));
        Assert.Contains("the account cannot be read: STS GetCallerIdentity: Unreachable", nobody.Error, StringComparison.Ordinal);
        Assert.Equal(3, proxy.Code);
    }

    /// <summary>Every limit is 4, except vCPUs on spot, for which a request is open; no use may be read.</summary>
    private static StandInAnswer QuotaService(StandInRequest request) => request.Operation switch
    {
        "GetCallerIdentity" => StandInAnswer.Xml(
            "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"),
        "ListServiceQuotas" => StandInAnswer.Json("""{"Quotas":[]}"""),
        "GetServiceQuota" => StandInAnswer.Json($$"""{ "Quota": { "QuotaCode": "{{request.Json.GetProperty("QuotaCode").GetString()}}", "Value": 4, "Adjustable": true } }"""),
        "ListRequestedServiceQuotaChangeHistoryByQuota" => StandInAnswer.Json(
            request.Json.GetProperty("QuotaCode").GetString() == "L-34B43A08" ? """{"RequestedQuotas":[{"Id":"9","Status":"PENDING","DesiredValue":64}]}""" : """{"RequestedQuotas":[]}"""),
        "RequestServiceQuotaIncrease" => StandInAnswer.Json(
            $$"""{ "RequestedQuota": { "Id": "10", "Status": "PENDING", "DesiredValue": {{request.Json.GetProperty("DesiredValue").GetRawText()}} } }"""),
        _ => StandInAnswer.Xml("<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>", 403),
    };

    private static JsonElement Quota(JsonElement root, string code) =>
        root.GetProperty("quotas").EnumerateArray().Single(quota => quota.TryGetProperty("code", out var own) && own.GetString() == code);

    private static Dictionary<string, string?> Credentials(StandInAws aws) => new()
    {
        ["AWS_ACCESS_KEY_ID"] = "AKIAIOSFODNN7EXAMPLE",
        ["AWS_SECRET_ACCESS_KEY"] = "not-a-secret",
        ["AWS_ENDPOINT_URL"] = aws.Endpoint.ToString(),
    };

    /// <summary>The built tool, as a person or a script runs it.</summary>
    private static async Task<(int Code, string Output, string Error)> RunAsync(Dictionary<string, string?> environment, params string[] arguments)
    {
        var ended = await Programs.RunAsync("dotnet", [Built("Cli", "ha.dll"), .. arguments], Repository.Root, environment);
        return (ended.ExitCode, ended.Output, ended.Error);
    }

    /// <summary>The same answer without a process of its own. The environment is everybody's meanwhile.</summary>
    private static (int Code, string Output, string Error) Answer(Dictionary<string, string?> environment, params string[] arguments)
    {
        var before = environment.Keys.ToDictionary(name => name, Environment.GetEnvironmentVariable);
        Set(environment);
        try
        {
            var result = HaInProcess.Run(Built("Stack", "Stack.dll"), HaInProcess.Unwrapped, arguments);
            return (result.ExitCode, result.Output, result.Error);
        }
        finally
        {
            Set(before);
        }

        static void Set(Dictionary<string, string?> variables)
        {
            foreach (var (name, value) in variables)
                Environment.SetEnvironmentVariable(name, value);
        }
    }

    private static string Built(string project, string assembly) =>
        Path.Combine(Repository.Root, "infra", project, "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", assembly);
}

/// <summary>Tests that change the environment of this process: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class EnvironmentCollection
{
    public const string Name = "environment";
}
