using Amazon.Runtime;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;
using HaCluster.Operations.Connecting;
using HaCluster.Operations.Journal;
using HaCluster.Operations.Proving;
using HaCluster.Operations.Running;
using HaCluster.Operations.Tests.Worlds;
using HaCluster.Twin;
using HaCluster.Twin.Tests.World;
using HaCluster.Twin.World;

namespace HaCluster.Operations.Tests.LocalTwins;

/// <summary>The local twin of the production stack, a minute of its time in each second, and processes of operators that reach it over its wire.</summary>
public sealed class ProductionTwin : IAsyncLifetime
{
    private const double Faster = 60;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ha-operations-twin-");
    private LocalTwin? twin;

    internal LocalTwin Twin => twin!;

    public async Task InitializeAsync() => twin = await LocalTwin.StartAsync(await PlannedStack.Of("prod"), WorldClock.Running(TimeProvider.System, Faster));

    public async Task DisposeAsync()
    {
        await Twin.DisposeAsync();
        folder.Delete(recursive: true);
    }

    internal async Task<(ClusterSession Session, OperationRunner Runner)> ConnectAsync(Faults? faults = null)
    {
        var kubeconfig = Path.Combine(folder.FullName, "kubeconfig");
        Twin.Kubernetes.WriteKubeconfig(kubeconfig);
        var session = await new SessionConnector().ConnectAsync(
            new ConnectionRequest
            {
                Kubeconfig = kubeconfig,
                AwsEndpoint = Twin.Aws.Url,
                AwsCredentials = new BasicAWSCredentials(Twin.Aws.Key.Id, Twin.Aws.Key.Secret),
                Region = Twin.Aws.Region,
                ClusterName = NameOf(Twin.World.Plan.Graph!.Resources.First(resource => resource.Type == "aws:eks/cluster:Cluster")),
                AllowOtherClusters = true,
            },
            default);
        var own = faults ?? new Faults();
        return (session, new OperationRunner(session, new LiveProver(session), new JournalFolder(Path.Combine(folder.FullName, "journals"), path => new FakeFile(path, own))));
    }

    private static string NameOf(ResourceNode cluster) => cluster.Inputs.GetValueOrDefault("name") is PropertyValue.Text name ? name.Value : cluster.Id!;
}
