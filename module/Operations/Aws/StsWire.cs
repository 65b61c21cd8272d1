using HaCluster.Account.Wire;

namespace HaCluster.Operations.Aws;

internal sealed class StsWire(AwsConnection connection) : IIdentities
{
    public Task<CallerIdentity> IdentifyAsync(CancellationToken cancellationToken) => AwsErrors.TranslateAsync("the caller", async () =>
    {
        var answer = await connection.Query(AwsService.Sts).CallAsync("GetCallerIdentity", [], cancellationToken);
        return new CallerIdentity(answer.Text("Account") ?? "", answer.Text("Arn") ?? "");
    });

    public Task<ClusterToken> MakeTokenAsync(string cluster, CancellationToken cancellationToken) => AwsErrors.TranslateAsync(cluster, async () =>
    {
        var madeAt = DateTimeOffset.UtcNow;
        return new ClusterToken(await connection.MakeClusterTokenAsync(cluster, cancellationToken), madeAt + ClusterTokens.Lifetime);
    });
}
