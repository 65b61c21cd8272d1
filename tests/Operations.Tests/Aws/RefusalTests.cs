using HaCluster.Operations.Aws;
using HaCluster.Operations.Tests.Fakes;

namespace HaCluster.Operations.Tests.Aws;

/// <summary>What AWS refuses names the permission, in IAM's words, and expired credentials say what to do.</summary>
public sealed class RefusalTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    public static TheoryData<string, string> Calls => new()
    {
        { "sts:GetCallerIdentity", "identity" },
        { "ec2:DescribeInstances", "instances" },
        { "autoscaling:DescribeAutoScalingGroups", "groups" },
        { "elasticloadbalancing:DescribeLoadBalancers", "balancers" },
        { "rds:DescribeDBInstances", "databases" },
        { "rds:DescribeDBProxies", "proxies" },
        { "rds:CreateDBClusterSnapshot", "snapshot" },
        { "eks:ListNodegroups", "nodegroups" },
        { "es:ListDomainNames", "domains" },
        { "logs:DescribeLogGroups", "logs" },
        { "arc-zonal-shift:StartZonalShift", "shift" },
        { "cloudwatch:GetMetricStatistics", "metrics" },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_missing_permission_is_named_as_iam_writes_it(string permission, string call)
    {
        using var fake = Refusing("AccessDenied", "UnauthorizedOperation", "AccessDeniedException", 403);
        using var aws = fake.Open();

        var failure = await Assert.ThrowsAsync<HaClusterException>(() => CallAsync(aws, call));

        Assert.Equal(FailureKind.PermissionDenied, failure.Kind);
        Assert.Contains($"permission missing: {permission}", failure.Message, StringComparison.Ordinal);
        Assert.Contains("IAM policy", failure.Advice, StringComparison.Ordinal);
        // Asked once: a refusal does not get better by asking again.
        Assert.Single(fake.Requests);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Expired_credentials_say_to_log_in_again(string permission, string call)
    {
        using var fake = Refusing("ExpiredToken", "RequestExpired", "ExpiredTokenException", 403);
        using var aws = fake.Open();

        var failure = await Assert.ThrowsAsync<HaClusterException>(() => CallAsync(aws, call));

        Assert.Equal(FailureKind.CredentialsExpired, failure.Kind);
        Assert.Contains("aws sso login", failure.Advice, StringComparison.Ordinal);
        Assert.EndsWith(permission.Split(':')[1], failure.Call, StringComparison.Ordinal);
    }

    private static Task CallAsync(AwsServices aws, string call) => call switch
    {
        "identity" => aws.Identities.IdentifyAsync(None),
        "instances" => aws.Ec2.ListInstancesAsync("prod", None),
        "groups" => aws.AutoScaling.ListAsync("prod", [], None),
        "balancers" => aws.LoadBalancers.ListAsync("prod", None),
        "databases" => aws.Databases.ListAsync("prod", [], None),
        "proxies" => aws.Databases.ListProxiedAsync(None),
        "snapshot" => aws.Databases.CreateSnapshotAsync("db", "s", new Dictionary<string, string>(), None),
        "nodegroups" => aws.Eks.ListNodeGroupsAsync("prod", None),
        "domains" => aws.SearchDomains.ListAsync("prod", None),
        "logs" => aws.LogGroups.ListAsync("prod", None),
        "shift" => aws.ZonalShifts.StartAsync("arn", "euc1-az1", TimeSpan.FromHours(1), "", None),
        _ => aws.Metrics.FindLatestAsync("AWS/RDS", "Lag", new Dictionary<string, string>(), "Average", TimeSpan.FromHours(1), None),
    };

    /// <summary>In the shapes of the Query protocol, of EC2, and of JSON.</summary>
    private static FakeAws Refusing(string query, string ec2, string json, int status) => new(request =>
        !request.Body.StartsWith("Action=", StringComparison.Ordinal) ? (status, $$"""{"__type":"{{json}}","message":"no"}""")
        : request.Body.Contains("2016-11-15", StringComparison.Ordinal) ? (status, $"<Response><Errors><Error><Code>{ec2}</Code><Message>no</Message></Error></Errors></Response>")
        : (status, $"<ErrorResponse><Error><Type>Sender</Type><Code>{query}</Code><Message>no</Message></Error></ErrorResponse>"));
}
