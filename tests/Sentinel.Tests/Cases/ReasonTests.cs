using System.Net;

namespace HaCluster.Sentinel.Tests.Cases;

/// <summary>Every reason of the contract is given by a running sentinel beside a node that is in that state: the list is the contract's own.</summary>
public sealed class ReasonTests
{
    public static TheoryData<string, string> All
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var path in new[] { "/ready", "/live" })
            {
                foreach (var (reason, _) in Contract.ReasonsOf(path))
                    data.Add(path, reason);
            }

            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(All))]
    public async Task Each_reason_of_the_contract_is_given_beside_a_node_in_that_state(string path, string reason)
    {
        Assert.True(ReasonCases.Of(path).TryGetValue(reason, out var arrange), $"SENTINEL.md has the reason {reason} of {path}, and no case shows it");
        await using var stage = new Stage();

        var sentinel = await arrange(stage);
        var body = await sentinel.UntilAsync(reason, path);

        var isFine = Contract.ReasonsOf(path).Single(one => one.Reason == reason).IsFine;
        Assert.Equal(isFine, body.GetProperty("ok").GetBoolean());
        Assert.Equal(reason == "fail-open", body.GetProperty("failOpen").GetBoolean());
        Assert.NotEmpty(body.GetProperty("detail").GetString()!);
        var (status, later) = await sentinel.GetAsync(path);
        Assert.True(later.GetProperty("reason").GetString() != reason || status == (isFine ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable), $"{status}: {later}");
    }

    [Fact]
    public void No_case_shows_a_reason_that_the_contract_does_not_have()
    {
        foreach (var path in new[] { "/ready", "/live" })
            Assert.Equal(Contract.ReasonsOf(path).Select(one => one.Reason).Order(), ReasonCases.Of(path).Keys.Order());
    }
}
