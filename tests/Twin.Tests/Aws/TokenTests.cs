using System.Net;
using System.Text;
using HaCluster.Twin.Aws;
using HaCluster.Twin.Tests.World;
using Microsoft.AspNetCore.WebUtilities;

namespace HaCluster.Twin.Tests.Aws;

/// <summary>Tokens of EKS: made by this project's own wire, checked by the twin.</summary>
public sealed class TokenTests
{
    private const string Cluster = "small";

    private static readonly AwsKey Key = new("AKIATWINTWINTWIN1234", "secret");
    private static readonly Uri Sts = new("http://127.0.0.1:4567");

    [Fact]
    public async Task The_api_server_takes_a_token_of_the_cluster_and_knows_who_made_it()
    {
        await using var api = await TwinApi.OfAsync(SteppedWorld.Small());
        using var connection = TwinAccount.Connect(api.Twin.Aws, api.Twin.Aws.Key);
        var token = await connection.MakeClusterTokenAsync(api.Twin.Aws.ClusterName, CancellationToken.None);

        Assert.Equal(HttpStatusCode.OK, (await api.SendAsync(HttpMethod.Get, "/api/v1/nodes", token: token)).Status);
        var (_, review) = await api.SendAsync(HttpMethod.Post, "/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}", token);
        Assert.Equal("arn:aws:iam::123456789012:user/twin", (string?)review!["status"]!["userInfo"]!["username"]);

        var ofAnother = await connection.MakeClusterTokenAsync("another", CancellationToken.None);
        var (status, body) = await api.SendAsync(HttpMethod.Get, "/api/v1/nodes", token: ofAnother);
        Assert.Equal((HttpStatusCode.Unauthorized, "Unauthorized"), (status, (string?)body!["reason"]));
    }

    [Fact]
    public async Task A_token_of_the_own_endpoint_and_one_of_the_regions_sts_are_known()
    {
        Assert.NotNull(Tokens().Find(await MakeAsync()));
        Assert.NotNull(Tokens().Find(await MakeAsync(sts: new Uri("https://sts.eu-central-1.amazonaws.com"))));
        Assert.NotNull(Tokens().Find(await MakeAsync(sts: new Uri("https://sts.amazonaws.com"))));
        Assert.Null(Tokens().Find(await MakeAsync(sts: new Uri("https://sts.eu-west-1.amazonaws.com"))));
        Assert.Null(Tokens().Find(await MakeAsync(sts: new Uri("http://127.0.0.1:9999"))));
    }

    [Fact]
    public async Task A_token_lives_for_fifteen_minutes()
    {
        var token = await MakeAsync();

        Assert.NotNull(Tokens().Find(token, DateTimeOffset.UtcNow.AddMinutes(14)));
        Assert.Null(Tokens().Find(token, DateTimeOffset.UtcNow.AddMinutes(16)));
        Assert.Null(Tokens().Find(token, DateTimeOffset.UtcNow.AddMinutes(-16)));
    }

    [Fact]
    public async Task Another_key_secret_or_cluster_is_refused()
    {
        Assert.Null(Tokens().Find(await MakeAsync(Key with { Id = "AKIAOTHEROTHEROTHER1" })));
        Assert.Null(Tokens().Find(await MakeAsync(Key with { Secret = "guessed" })));
        Assert.Null(Tokens().Find(await MakeAsync(cluster: "another")));
    }

    [Theory]
    [InlineData("Action=GetCallerIdentity", "Action=GetSessionToken")]
    [InlineData("X-Amz-Expires=60", "X-Amz-Expires=61")]
    [InlineData("X-Amz-Expires=60", "X-Amz-Expires=86400")]
    [InlineData("host%3Bx-k8s-aws-id", "host")]
    [InlineData("Version=2011-06-15", "Version=2011-06-15&Extra=1")]
    [InlineData("Version=2011-06-15", "Version=2011-06-15&Version=2011-06-15")]
    [InlineData("X-Amz-Algorithm=AWS4-HMAC-SHA256", "X-Amz-Algorithm=none")]
    [InlineData("/?", "/path?")]
    public async Task A_token_that_was_changed_is_refused(string part, string other)
    {
        var url = Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode((await MakeAsync())["k8s-aws-v1.".Length..]));
        Assert.Contains(part, url, StringComparison.Ordinal);
        Assert.NotNull(Tokens().Find(Encode(url)));

        Assert.Null(Tokens().Find(Encode(url.Replace(part, other, StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("k8s-aws-v1.")]
    [InlineData("k8s-aws-v1.%%%")]
    [InlineData("k8s-aws-v1.bm90IGEgdXJs")]
    [InlineData("k8s-aws-v2.bm90IGEgdXJs")]
    public void What_is_no_token_is_refused(string token) => Assert.Null(Tokens().Find(token));

    private static EksTokens Tokens() => new(Key, "eu-central-1", Cluster, "arn:aws:iam::123456789012:user/twin") { Endpoint = Sts };

    private static async Task<string> MakeAsync(AwsKey? key = null, string cluster = Cluster, Uri? sts = null)
    {
        key ??= Key;
        using var connection = new HaCluster.Account.Wire.AwsConnection("eu-central-1", new Amazon.Runtime.BasicAWSCredentials(key.Id, key.Secret), sts ?? Sts);
        return await connection.MakeClusterTokenAsync(cluster, CancellationToken.None);
    }

    private static string Encode(string url) => "k8s-aws-v1." + WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(url));
}
