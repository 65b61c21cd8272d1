using Amazon.Runtime;
using HaCluster.Account.Wire;
using HaCluster.Twin.Aws;
using HaCluster.Twin.Tests.World;

namespace HaCluster.Twin.Tests.Aws;

/// <summary>A stepped world with its AWS API, called through AWSSDK.Core: its signatures, endpoints and retries.</summary>
internal sealed class TwinAccount : IAsyncDisposable
{
    public static readonly AwsService AutoScaling = new("Auto Scaling", "autoscaling", "2011-01-01");
    public static readonly AwsService ZonalShift = new("ARC Zonal Shift", "arc-zonal-shift", "2022-10-30");

    private TwinAccount(SteppedWorld world, AwsServer server, AwsConnection connection) => (World, Server, Connection) = (world, server, connection);

    public SteppedWorld World { get; }

    public AwsServer Server { get; }

    public AwsConnection Connection { get; }

    public static async Task<TwinAccount> OverAsync(SteppedWorld world)
    {
        var server = await AwsServer.StartAsync(world.World);
        return new TwinAccount(world, server, Connect(server, server.Key));
    }

    public static AwsConnection Connect(AwsServer server, AwsKey key) => new(server.Region, new BasicAWSCredentials(key.Id, key.Secret), server.Url);

    /// <summary>Id of the instance behind a node.</summary>
    public string InstanceOf(string node)
    {
        var provider = World.Get("nodes", null, node).Text("spec", "providerID")!;
        return provider[(provider.LastIndexOf('/') + 1)..];
    }

    public async Task<string> StateOfAsync(string instance) =>
        (await Connection.Query(AwsService.Ec2).CallAsync("DescribeInstances", [("InstanceId.1", instance)], CancellationToken.None))
            .Descendants().First(element => element.Name.LocalName == "instanceState").Elements().First(element => element.Name.LocalName == "name").Value;

    public async ValueTask DisposeAsync()
    {
        Connection.Dispose();
        await Server.DisposeAsync();
    }
}
