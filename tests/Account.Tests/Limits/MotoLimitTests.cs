using HaCluster.Account.Limits;
using HaCluster.Account.Tests.Moto;

namespace HaCluster.Account.Tests.Limits;

/// <summary>moto's Service Quotas knows single limits of <c>vpc</c> and nothing else, which tries the way back from the list.</summary>
[Collection(MotoCollection.Name)]
public sealed class MotoLimitTests(MotoServer moto)
{
    [SkippableFact]
    public async Task A_limit_that_cannot_be_listed_is_asked_for_alone_and_one_that_nobody_knows_says_so()
    {
        await moto.ResetAsync();
        using var account = AwsAccount.Open(MotoAccount.Region, MotoServer.Credentials, moto.Endpoint);
        var limits = await account.ReadLimitsAsync(
            [new QuotaReference("vpc", "L-F678F1CE"), new QuotaReference("vpc", "L-0EA8095F"), new QuotaReference("eks", "L-1194D53C")], progress: null, CancellationToken.None);
        Assert.Equal([5m, 60m, null], limits.Select(limit => limit.Value));
        Assert.NotNull(limits[2].Unread);
    }

    [SkippableFact]
    public async Task The_account_says_who_it_is()
    {
        await moto.ResetAsync();
        using var account = AwsAccount.Open(MotoAccount.Region, MotoServer.Credentials, moto.Endpoint);
        Assert.Equal("123456789012", await account.IdentifyAsync(CancellationToken.None));
    }
}
