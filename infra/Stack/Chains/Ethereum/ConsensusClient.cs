using HaCluster.Stack.Chains.Replicas;
using HaCluster.Stack.Settings.Chains;
using HaCluster.Stack.Workloads;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;

namespace HaCluster.Stack.Chains.Ethereum;

/// <summary>
/// Lighthouse, which sends the head of the chain to the execution client in the same pod. They share a pod, because several consensus clients would
/// send different heads to an execution client.
/// </summary>
public static class ConsensusClient
{
    public const int ApiPort = 5052;
    public const int MetricsPort = 5054;
    public const string MetricsName = "cl-metrics";

    private const int PeerPort = 9000;
    private const int QuicPort = 9001;

    public static ContainerArgs Container(EthereumSettings settings, string image) => new()
    {
        Name = "lighthouse",
        Image = image,
        Command = { "lighthouse" },
        Args = Arguments(settings),
        Ports =
        {
            new ContainerPortArgs { Name = "cl-p2p", ContainerPortValue = PeerPort },
            new ContainerPortArgs { Name = "cl-p2p-udp", ContainerPortValue = PeerPort, Protocol = "UDP" },
            new ContainerPortArgs { Name = "cl-quic", ContainerPortValue = QuicPort, Protocol = "UDP" },
            new ContainerPortArgs { Name = MetricsName, ContainerPortValue = MetricsPort },
        },
        StartupProbe = Sentinel.Startup("consensus"),
        LivenessProbe = Sentinel.Liveness("consensus"),
        Resources = settings.Consensus.Container().Typed(),
        SecurityContext = Hardening.Container(),
        VolumeMounts = { NodeStatefulSet.Data(), EngineToken.Mount() },
    };

    // https://lighthouse-book.sigmaprime.io/help_bn.html. The checkpoint is downloaded once, while there is no database.
    private static string[] Arguments(EthereumSettings settings) =>
    [
        "bn",
        $"--network={settings.Network.Name}",
        $"--datadir={NodeStatefulSet.DataPath}/consensus",
        $"--execution-endpoint=http://127.0.0.1:{ExecutionClient.EnginePort}",
        $"--execution-jwt={EngineToken.File}",
        $"--checkpoint-sync-url={settings.CheckpointUrl}",
        "--disable-upnp",
        $"--port={PeerPort}",
        $"--quic-port={QuicPort}",
        "--http",
        "--http-address=127.0.0.1",
        $"--http-port={ApiPort}",
        "--metrics",
        "--metrics-address=0.0.0.0",
        $"--metrics-port={MetricsPort}",
        // What it prints is collected.
        "--logfile-max-number=0",
    ];
}
