using System.Collections.Immutable;
using HaCluster.Stack.Chains.Fronts;
using HaCluster.Stack.Chains.Replicas;
using HaCluster.Stack.Settings.Chains;
using HaCluster.Stack.Software;
using HaCluster.Stack.Workloads;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Chains.Ethereum;

/// <summary>
/// Nodes of Ethereum: in each pod an execution and a consensus client. There is a StatefulSet for each execution client, so that a bug in one
/// does not stop all nodes; spread, budget and front cover both sets.
/// </summary>
public sealed class EthereumNodes : ComponentResource
{
    public const string TypeToken = "ha-cluster:chains:Ethereum";

    // On a clean stop geth writes its state from memory; if killed, it rewinds to the last written state and needs hours to catch up.
    private const int GraceSeconds = 480;

    public EthereumNodes(string name, ChainArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var settings = args.Settings.Ethereum;
        var nodes = Describe(settings);
        var service = NodeService.Names(nodes, args.Child(this));
        _ = NodeService.Budget(nodes, args.Child(this));

        var sets = new List<Kubernetes.Apps.V1.StatefulSet>();
        foreach (var set in nodes.Sets)
        {
            var client = Clients(args.Settings).Single(client => client.Name == set.Client);
            var volumes = new NodeVolumes(
                set.Name,
                new NodeVolumesArgs { Chain = args, Nodes = nodes, Set = set, Storage = settings.Storage },
                new ComponentResourceOptions { Parent = this });
            sets.Add(Declare(args, nodes, set, client, [.. args.Foundation.Ready, .. args.After, service, volumes]));
            _ = NodeMonitor.Declare(
                nodes,
                set,
                [("metrics", client.MetricsPath), (ConsensusClient.MetricsName, "/metrics")],
                args,
                this);
        }

        _ = new NodeRollout(name, new NodeRolloutArgs { Chain = args, Nodes = nodes, After = [.. sets] }, new ComponentResourceOptions { Parent = this });
        RegisterOutputs();
    }

    public static ChainNodes Describe(EthereumSettings settings) => new(
        RpcFront.Ethereum,
        settings.Network.Name,
        ExecutionClient.PeerPort,
        ExecutionClient.RpcPort,
        [.. new[]
        {
            new NodeSet("ethereum-geth", "geth", settings.Geth, ExecutionClient.GethMetricsPort),
            new NodeSet("ethereum-reth", "reth", settings.Reth, ExecutionClient.RethMetricsPort),
        }.Where(set => set.Replicas > 0)]);

    private static ExecutionClient[] Clients(ChainsSettings settings) =>
    [
        ExecutionClient.Geth(settings.Ethereum, settings.Images.Geth),
        ExecutionClient.Reth(settings.Ethereum, settings.Images.Reth),
    ];

    private Kubernetes.Apps.V1.StatefulSet Declare(
        ChainArgs args, ChainNodes nodes, NodeSet set, ExecutionClient client, ImmutableArray<Resource> after) => NodeStatefulSet.Declare(
        new NodeStatefulSetArgs
        {
            Foundation = args.Foundation,
            Nodes = nodes,
            Set = set,
            Storage = args.Settings.Ethereum.Storage,
            GraceSeconds = GraceSeconds,
            // Two sets do not coordinate: both would take a node down at the same time. See NodeRollout.
            UpdateStrategy = "OnDelete",
            InitContainers = [EngineToken.Maker(), Watcher(args, nodes, set)],
            Containers = [Execution(client, args.Settings.Ethereum), ConsensusClient.Container(args.Settings.Ethereum, args.Settings.Images.Lighthouse)],
            Volumes = [EngineToken.Memory()],
            After = after,
        },
        this);

    // The program itself is the first process, so that it gets the signal to stop.
    private static ContainerArgs Execution(ExecutionClient client, EthereumSettings settings) => new()
    {
        Name = client.Name,
        Image = client.Image,
        Command = { client.Name },
        Args = client.Arguments.ToArray(),
        Env = client.Environment.ToArray(),
        Ports =
        {
            new ContainerPortArgs { Name = "p2p", ContainerPortValue = ExecutionClient.PeerPort },
            new ContainerPortArgs { Name = "p2p-udp", ContainerPortValue = ExecutionClient.PeerPort, Protocol = "UDP" },
            new ContainerPortArgs { Name = "rpc", ContainerPortValue = ExecutionClient.RpcPort },
            new ContainerPortArgs { Name = "metrics", ContainerPortValue = client.MetricsPort },
        },
        StartupProbe = Sentinel.Startup("execution"),
        LivenessProbe = Sentinel.Liveness("execution"),
        ReadinessProbe = Sentinel.Readiness(),
        Resources = settings.Execution.Container().Typed(),
        SecurityContext = Hardening.Container(),
        VolumeMounts = { NodeStatefulSet.Data(), EngineToken.Mount() },
    };

    private static ContainerArgs Watcher(ChainArgs args, ChainNodes nodes, NodeSet set) => Sentinel.Container(
        OwnImage.Of(args.Settings.Images.Sentinel, args.Foundation.Scope, "sentinel", Pins.SentinelVersion),
        nodes,
        set.Client,
        [
            $"--rpc=http://127.0.0.1:{ExecutionClient.RpcPort}",
            $"--consensus=http://127.0.0.1:{ConsensusClient.ApiPort}",
            // Five slots of twelve seconds; three in a row are missed at times.
            "--tip-age=60",
            "--lag=8",
            "--stall=900",
        ]);
}
