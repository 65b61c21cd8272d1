using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Stack.Chains.Replicas;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Settings.Chains;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;

namespace HaCluster.Stack.Chains.Ethereum;

/// <summary>A program that executes Ethereum's blocks. All of them open the engine API on the loopback of the pod only.</summary>
public sealed record ExecutionClient
{
    public const int RpcPort = 8545;
    public const int EnginePort = 8551;
    public const int PeerPort = 30303;
    public const int GethMetricsPort = 6060;
    public const int RethMetricsPort = 9001;
    public const string DataPath = NodeStatefulSet.DataPath + "/execution";

    private const decimal MiB = 1024 * 1024;

    // Share of memory for geth's state cache; the rest is for the Go runtime and the page cache of its database.
    private const decimal GethCacheShare = 0.25m;

    /// <summary><c>geth</c> or <c>reth</c>.</summary>
    public required string Name { get; init; }

    public required string Image { get; init; }

    public required int MetricsPort { get; init; }

    public required string MetricsPath { get; init; }

    public required ImmutableArray<string> Arguments { get; init; }

    public ImmutableArray<EnvVarArgs> Environment { get; init; } = [];

    // https://geth.ethereum.org/docs/fundamentals/command-line-options
    public static ExecutionClient Geth(EthereumSettings settings, string image) => new()
    {
        Name = "geth",
        Image = image,
        MetricsPort = GethMetricsPort,
        MetricsPath = "/debug/metrics/prometheus",
        Arguments =
        [
            $"--{settings.Network.Name}",
            $"--datadir={DataPath}",
            "--ipcdisable",
            "--nat=none",
            $"--port={PeerPort}",
            $"--cache={settings.Execution.Memory.Value * GethCacheShare / MiB:0}",
            "--http",
            "--http.addr=0.0.0.0",
            $"--http.port={RpcPort}",
            "--http.api=eth,net,web3",
            // The front forwards the host name of the request. Network policies decide who may call.
            "--http.vhosts=*",
            "--authrpc.addr=127.0.0.1",
            $"--authrpc.port={EnginePort}",
            $"--authrpc.jwtsecret={EngineToken.File}",
            "--metrics",
            "--metrics.addr=0.0.0.0",
            $"--metrics.port={GethMetricsPort}",
        ],
        Environment = [new EnvVarArgs { Name = "GOMEMLIMIT", Value = GoMemory.LimitOf(settings.Execution.Memory) }],
    };

    // https://reth.rs/cli/reth/node
    public static ExecutionClient Reth(EthereumSettings settings, string image) => new()
    {
        Name = "reth",
        Image = image,
        MetricsPort = RethMetricsPort,
        MetricsPath = "/",
        Arguments =
        [
            "node",
            $"--chain={settings.Network.Name}",
            $"--datadir={DataPath}",
            // Without historical states, like geth.
            "--full",
            "--ipcdisable",
            "--nat=none",
            $"--port={PeerPort}",
            $"--discovery.port={PeerPort}",
            "--http",
            "--http.addr=0.0.0.0",
            $"--http.port={RpcPort}",
            "--http.api=eth,net,web3",
            "--authrpc.addr=127.0.0.1",
            $"--authrpc.port={EnginePort}",
            $"--authrpc.jwtsecret={EngineToken.File}",
            $"--metrics=0.0.0.0:{RethMetricsPort}",
            // Its standard output is collected; a second log at debug level would fill the local disk.
            "--log.file.max-files=0",
        ],
    };
}

/// <summary>The soft limit of programs written in Go (https://pkg.go.dev/runtime#hdr-Environment_Variables).</summary>
public static class GoMemory
{
    // The rest is for memory that the runtime does not count: the page cache of memory-mapped files, and bursts.
    private const decimal Share = 0.9m;

    /// <summary>In bytes.</summary>
    public static string LimitOf(Quantity memory) => (memory.Value * Share).ToString("0", CultureInfo.InvariantCulture);
}
