using Amazon;
using HaCluster.Account.Tests.Moto;
using HaCluster.Account.Wire;

namespace HaCluster.Account.Tests.Wire;

/// <summary>The password of the account's registry of images.</summary>
[Collection(MotoCollection.Name)]
public sealed class RegistryPasswordTests(MotoServer moto)
{
    [SkippableFact]
    public async Task The_credentials_of_AWS_give_a_password_of_the_registry()
    {
        await moto.ResetAsync();
        using var account = AwsAccount.Open(MotoAccount.Region, MotoServer.Credentials, moto.Endpoint);
        var given = await account.RegistryPasswordAsync(CancellationToken.None);
        Assert.NotNull(given);
        Assert.Equal("AWS", given.Value.User);
        Assert.EndsWith("-auth-token", given.Value.Password, StringComparison.Ordinal);
    }

    /// <summary>https://docs.aws.amazon.com/general/latest/gr/ecr.html</summary>
    [Theory]
    [InlineData("eu-central-1", "https://api.ecr.eu-central-1.amazonaws.com/")]
    [InlineData("cn-north-1", "https://api.ecr.cn-north-1.amazonaws.com.cn/")]
    public void Its_endpoint_begins_otherwise_than_the_name_that_is_signed_for(string region, string endpoint)
    {
        var config = new ServiceClientConfig(AwsService.Ecr, RegionEndpoint.GetBySystemName(region), endpoint: null);
        Assert.Equal((new Uri(endpoint), "ecr"), (config.Endpoint, config.AuthenticationServiceName));
    }
}
