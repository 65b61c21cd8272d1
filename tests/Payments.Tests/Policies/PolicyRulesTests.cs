using HaCluster.Payments.Amounts;
using HaCluster.Payments.Policies;

namespace HaCluster.Payments.Tests.Policies;

public sealed class PolicyRulesTests
{
    private static readonly PolicyDocument Policy = PolicyDocument.Parse(
        """{"assets": {"ethereum": {"perTransfer": "100", "perDay": "250", "approveAbove": "50", "maxFee": "10"}}, "approvals": 2, "delaySeconds": 60}""");

    private static readonly Question Usual = new(new Asset(Asset.Ethereum), 50, 10, "0xd", IsListed: true, SpentToday: 0, IsStopped: false);

    [Theory]
    [InlineData(50, 0)]
    [InlineData(51, 2)]
    [InlineData(100, 2)]
    public void More_than_the_limit_needs_approvals(int amount, int approvals) => Assert.Equal(new Verdict.Allowed(approvals), PolicyRules.Judge(Policy, Usual with { Amount = amount }));

    [Fact]
    public void What_the_policy_does_not_allow_is_refused()
    {
        Refused("above-transfer-limit", Usual with { Amount = 101 });
        Refused("above-fee-limit", Usual with { MaxFee = 11 });
        Refused("above-daily-limit", Usual with { SpentToday = 201 });
        Refused("destination-not-allowed", Usual with { IsListed = false });
        Refused("asset-not-allowed", Usual with { Asset = new Asset(Asset.Ethereum, "0xdac17f958d2ee523a2206206994597c13d831ec7") });
        Refused("asset-not-allowed", Usual with { Asset = new Asset(Asset.Bitcoin) });
        Refused("kill-switch", Usual with { IsStopped = true });
        Assert.Equal("no-policy", Assert.IsType<Verdict.Refused>(PolicyRules.Judge(null, Usual)).Code);
        Assert.IsType<Verdict.Allowed>(PolicyRules.Judge(Policy, Usual with { SpentToday = 200 }));
    }

    [Theory]
    [InlineData("""{"assets": {"ether": {"perTransfer": "1", "perDay": "1", "approveAbove": "0", "maxFee": "1"}}}""", "assets.ether")]
    [InlineData("""{"assets": {"ethereum/0xDAC17F958D2ee523a2206206994597C13D831ec7": {"perTransfer": "1", "perDay": "1", "approveAbove": "0", "maxFee": "1"}}}""", "in lower case")]
    [InlineData("""{"assets": {"bitcoin": {"perTransfer": "1.5", "perDay": "1", "approveAbove": "0", "maxFee": "1"}}}""", "assets.bitcoin.perTransfer")]
    [InlineData("""{"assets": {"bitcoin": {"perDay": "1", "approveAbove": "0", "maxFee": "1"}}}""", "assets.bitcoin.perTransfer")]
    [InlineData("""{"assets": {"bitcoin": {"perTransfer": "1", "perDay": "0", "approveAbove": "0", "maxFee": "1"}}}""", "assets.bitcoin.perDay")]
    [InlineData("""{"assets": {"bitcoin": {"pertransfer": "1"}}}""", "$.assets.bitcoin")]
    [InlineData("""{"approvals": 0}""", "approvals is 0")]
    [InlineData("""{"delaySeconds": -1}""", "delaySeconds is -1")]
    [InlineData("""{"assets": {}, "assets": {}}""", "$")]
    public void A_policy_with_a_mistake_is_none(string json, string place) => Assert.Contains(place, Assert.Throws<FormatException>(() => PolicyDocument.Parse(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_policy_is_stored_as_it_was_read() => Assert.Equal(Policy.ToJson(), PolicyDocument.Parse(Policy.ToJson()).ToJson());

    private static void Refused(string code, Question question) => Assert.Equal(code, Assert.IsType<Verdict.Refused>(PolicyRules.Judge(Policy, question)).Code);
}
