using HaCluster.Account.Tests.StandIn;
using HaCluster.Account.Use;
using HaCluster.Account.Wire;
using HaCluster.Planning.ServiceQuotas;

namespace HaCluster.Account.Tests.Use;

public sealed class StandInUseTests
{
    private const string Addresses = """
        <DescribeAddressesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><addressesSet><item><allocationId>a</allocationId></item></addressesSet></DescribeAddressesResponse>
        """;

    [Fact]
    public async Task What_is_refused_is_unknown_and_costs_nothing_else()
    {
        using var aws = new StandInAws(request => request.Operation switch
        {
            "DescribeAddresses" => StandInAnswer.Xml(Addresses),
            "DescribeVpcs" => StandInAnswer.Xml("<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>", 403),
            _ => StandInAnswer.Html(404),
        });
        var use = await ReadAsync(aws, CancellationToken.None);
        Assert.Equal(1, use["L-0263D0A3"].Total);
        Assert.Equal((null, "not permitted: EC2 DescribeVpcs"), (use["L-F678F1CE"].Total, use["L-F678F1CE"].Unread));
        Assert.Contains("a web page instead of an AWS response", use["L-1194D53C"].Unread, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_pages_are_counted()
    {
        using var aws = new StandInAws(request => request.Operation == "DescribeVpcs"
            ? StandInAnswer.Xml($"""
                <DescribeVpcsResponse><vpcSet><item><vpcId>x</vpcId></item></vpcSet>{(request.Body.Contains("NextToken=", StringComparison.Ordinal) ? "" : "<nextToken>more</nextToken>")}</DescribeVpcsResponse>
                """)
            : request.Path.StartsWith("/clusters", StringComparison.Ordinal)
            ? StandInAnswer.Json(request.Path.Contains("nextToken=more", StringComparison.Ordinal) ? """{"clusters":["b"]}""" : """{"clusters":["a"],"nextToken":"more"}""")
            : StandInAnswer.Html(404));
        var use = await ReadAsync(aws, CancellationToken.None);
        Assert.Equal((2, 2), (use["L-F678F1CE"].Total, use["L-1194D53C"].Total));
    }

    [Fact]
    public async Task An_answer_that_lacks_what_is_documented_is_unknown()
    {
        using var aws = new StandInAws(request => request.Path.StartsWith("/clusters", StringComparison.Ordinal) ? StandInAnswer.Json("{}") : StandInAnswer.Html(404));
        Assert.Contains("does not have the fields that AWS documents", (await ReadAsync(aws, CancellationToken.None))["L-1194D53C"].Unread, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_asked_any_more_once_it_was_interrupted()
    {
        using var interruption = new CancellationTokenSource();
        using var aws = new StandInAws(_ =>
        {
            interruption.Cancel();
            return StandInAnswer.Html(404);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ReadAsync(aws, interruption.Token));
        Assert.Single(aws.Requests);
    }

    [Fact]
    public async Task An_endpoint_where_nobody_listens_is_unknown_too()
    {
        var aws = new StandInAws(_ => StandInAnswer.Html(404));
        aws.Dispose();
        using var account = aws.Open();
        var refusal = await Assert.ThrowsAsync<AwsCallException>(() => account.IdentifyAsync(CancellationToken.None));
        Assert.Equal("Unreachable", refusal.Code);
    }

    private static async Task<Dictionary<string, ResourceUse>> ReadAsync(StandInAws aws, CancellationToken cancellationToken)
    {
        using var account = aws.Open();
        var uses = await account.ReadUseAsync(new ClusterOwnership("main", []), VirtualCpuQuotas.Codes, VirtualCpuQuotas.CodeOf, progress: null, cancellationToken);
        return uses.ToDictionary(use => use.QuotaCode);
    }
}
