using System.Collections.Immutable;

namespace HaCluster.Stack.Settings.Chains;

/// <summary>
/// One network of Ethereum. Sizes: a full node with its consensus client takes about 2 TB on mainnet and grows by 50 GB per month, 256 GB on
/// sepolia (https://aws-samples.github.io/aws-blockchain-node-runners/docs/Blueprints/Ethereum).
/// </summary>
/// <param name="Name">Value of the setting, and name in all three clients.</param>
/// <param name="ChainId">In every transaction (https://chainlist.org/).</param>
/// <param name="MinStorage">Below this both databases of a node do not fit today.</param>
/// <param name="Storage">The default: today's chain and a year.</param>
/// <param name="Execution">What the execution client needs once it has synced.</param>
/// <param name="Consensus">What the consensus client needs.</param>
/// <param name="CheckpointProviders">
/// Providers of checkpoints, the default first (https://eth-clients.github.io/checkpoint-sync-endpoints/). One is used; the others are there to
/// compare the block root with, and to change to when the first is down.
/// </param>
public sealed record EthereumNetwork(
    string Name, long ChainId, Quantity MinStorage, Quantity Storage, NodeSize Execution, NodeSize Consensus, ImmutableArray<string> CheckpointProviders)
{
    public const string MainnetName = "mainnet";

    public static EthereumNetwork Mainnet { get; } = new(
        MainnetName,
        1,
        Quantity.Parse("2Ti"),
        Quantity.Parse("2560Gi"),
        NodeSize.Of("2500m", "16Gi"),
        NodeSize.Of("1", "8Gi"),
        ["https://mainnet.checkpoint.sigp.io", "https://sync-mainnet.beaconcha.in", "https://beaconstate.ethstaker.cc"]);

    public static IReadOnlyDictionary<string, EthereumNetwork> ByName { get; } = new[]
    {
        Mainnet,
        new(
            "sepolia",
            11155111,
            Quantity.Parse("250Gi"),
            Quantity.Parse("750Gi"),
            NodeSize.Of("1", "8Gi"),
            NodeSize.Of("500m", "4Gi"),
            ["https://checkpoint-sync.sepolia.ethpandaops.io", "https://beaconstate-sepolia.chainsafe.io"]),
        new(
            "hoodi",
            560048,
            Quantity.Parse("150Gi"),
            Quantity.Parse("500Gi"),
            NodeSize.Of("1", "8Gi"),
            NodeSize.Of("500m", "6Gi"),
            ["https://checkpoint-sync.hoodi.ethpandaops.io", "https://hoodi.beaconstate.info"]),
    }.ToDictionary(network => network.Name, StringComparer.Ordinal);

    public bool IsMainnet => Name == MainnetName;
}
