using System.Text.Json.Nodes;
using HaCluster.Payments.Chains;
using NBitcoin;

namespace HaCluster.Payments.Tests.Chains;

/// <summary>What nodes say of fees, each in its own way: a fake node gives answers in the shapes of Bitcoin Core, btcd and bcoin.</summary>
public sealed class FeeRateTests
{
    private const string NotFound = """{"code": -32601, "message": "Method not found"}""";

    // Bitcoin Core: rpcwhitelist answers 403 to a method that a user may not call.
    public static TheoryData<string, string?, string?, int?> Nodes => new()
    {
        { "Bitcoin Core", NotFound, """{"feerate": 0.00012345, "blocks": 6}""", 12_345 },
        { "Bitcoin Core that has seen too little", NotFound, """{"errors": ["Insufficient data or no feerate found"], "blocks": 2}""", null },
        { "Bitcoin Core 0.17", """{"code": -32, "message": "estimatefee is deprecated"}""", """{"feerate": 0.0002, "blocks": 6}""", 20_000 },
        { "a user who may ask for one of them", "403", """{"feerate": 0.0002, "blocks": 6}""", 20_000 },
        { "a user who may ask for the one that it does not have", NotFound, "403", null },
        { "a user who may ask for neither", "403", "403", null },
        { "btcd", "0.0003", null, 30_000 },
        { "btcd that has seen too little", """{"code": -1, "message": "not enough blocks have been observed"}""", null, null },
        { "bcoin that has seen too little", "-1", null, null },
        { "a node that has neither", NotFound, null, null },
    };

    [Theory, MemberData(nameof(Nodes))]
    public async Task The_rate_is_read_from_whichever_call_a_node_has(string node, string? estimateFee, string? smart, int? rate)
    {
        using var client = new NodeClient(new Uri("http://node.test"), new FakeNode(estimateFee, smart));
        var found = await new BitcoinNode(client, Network.RegTest).FeeRateAsync(default);
        Assert.Equal((node, rate), (node, (int?)found));
    }

    private sealed class FakeNode(string? estimateFee, string? smart) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var asked = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
            Assert.Equal(6, (int)asked["params"]![0]!);
            var answer = (string?)asked["method"] switch
            {
                "estimatefee" => estimateFee ?? NotFound,
                "estimatesmartfee" => smart ?? NotFound,
                _ => throw new InvalidOperationException($"{asked}"),
            };
            return answer == "403" ? NodeProxy.Text("", System.Net.HttpStatusCode.Forbidden)
                : NodeProxy.Text(answer.Contains("code", StringComparison.Ordinal) ? $$"""{"id": 1, "result": null, "error": {{answer}}}""" : $$"""{"id": 1, "result": {{answer}}, "error": null}""");
        }
    }
}
