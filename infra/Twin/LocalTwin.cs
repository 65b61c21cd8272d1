using HaCluster.Twin.Aws;
using HaCluster.Twin.Kubernetes;
using HaCluster.Twin.Storage;
using HaCluster.Twin.World;
using HaCluster.Twin.World.Monitoring;
using Microsoft.AspNetCore.Http;

namespace HaCluster.Twin;

/// <summary>A running twin: one world, and the APIs of Kubernetes and AWS over it, on free ports of the loopback address.</summary>
public sealed class LocalTwin : IAsyncDisposable
{
    private LocalTwin(World.World world, ApiServer kubernetes, AwsServer aws) => (World, Kubernetes, Aws) = (world, kubernetes, aws);

    public World.World World { get; }

    public ApiServer Kubernetes { get; }

    public AwsServer Aws { get; }

    /// <summary>The environment that AWS tools and SDKs need to talk to the twin and to nothing else.</summary>
    public IReadOnlyDictionary<string, string> Environment => new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["AWS_ENDPOINT_URL"] = Aws.Url.GetLeftPart(UriPartial.Authority),
        ["AWS_ACCESS_KEY_ID"] = Aws.Key.Id,
        ["AWS_SECRET_ACCESS_KEY"] = Aws.Key.Secret,
        ["AWS_REGION"] = Aws.Region,
        ["AWS_DEFAULT_REGION"] = Aws.Region,
        // No profile, metadata service or session of the person is used by mistake.
        ["AWS_EC2_METADATA_DISABLED"] = "true",
        ["AWS_CONFIG_FILE"] = "/dev/null",
        ["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null",
    };

    /// <summary>Starts a twin in the steady state of the plan.</summary>
    /// <param name="clock">Real, accelerated or stepped; a running clock moves the world by itself.</param>
    /// <param name="interceptor">Sees every request to either API first, and may answer, delay or abort it, or hand it on.</param>
    public static async Task<LocalTwin> StartAsync(WorldPlan plan, WorldClock clock, WorldOptions? options = null, Func<HttpContext, RequestDelegate, Task>? interceptor = null)
    {
        options ??= new WorldOptions();
        var store = new ObjectStore(clock.Time, new StoreOptions
        {
            Seed = options.Seed,
            // As its certificates and keys, and unlike the rest of the world: two twins of one seed are two clusters.
            ClusterId = Guid.NewGuid(),
            Speed = clock.Speed,
        });
        var world = Twin.World.World.Create(plan, store, clock, options);
        var (key, account) = (AwsKey.Random(), new Account(world, null));
        var tokens = new EksTokens(key, account.Region, account.ClusterName, account.CallerArn);
        var kubernetes = await ApiServer.StartAsync(store, new ApiServerOptions { RunsDisruptionController = false, FindUser = tokens.Find, Interceptor = interceptor });
        try
        {
            var aws = await AwsServer.StartAsync(world, (kubernetes.Url, kubernetes.AuthorityPem), key, interceptor: interceptor);
            tokens.Endpoint = aws.Url;
            new StandIns(world, kubernetes.Proxies).Begin();
            if (!clock.IsStepped)
                world.Start();
            return new LocalTwin(world, kubernetes, aws);
        }
        catch
        {
            await kubernetes.DisposeAsync();
            throw;
        }
    }

    /// <summary>Pods that are not ready, as <c>namespace/name</c>; empty when the cluster is healthy.</summary>
    public IReadOnlyList<string> Unready() => World.Act(run => run.Pending.Select(pod => pod.ToString()).ToList());

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        await Aws.DisposeAsync();
        await Kubernetes.DisposeAsync();
    }
}
