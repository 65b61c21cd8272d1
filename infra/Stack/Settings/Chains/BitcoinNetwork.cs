namespace HaCluster.Stack.Settings.Chains;

/// <summary>
/// A Bitcoin network with its parameters in btcd. Ports: <c>params.go</c> and <c>chaincfg/params.go</c> of https://github.com/btcsuite/btcd; they
/// are not those of Bitcoin Core for RPC. Sizes: with the transaction index, 1 TB and more for mainnet, growing by 80 GB per year
/// (https://aws-samples.github.io/aws-blockchain-node-runners/docs/Blueprints/Bitcoin).
/// </summary>
/// <param name="Name">Value of the setting.</param>
/// <param name="Flag">Argument that chooses it; null for mainnet.</param>
/// <param name="PeerPort">TCP.</param>
/// <param name="RpcPort">TCP with TLS.</param>
/// <param name="MinStorage">Below this the chain does not fit today.</param>
/// <param name="Storage">The default: today's chain and some years.</param>
/// <param name="Size">What a node needs once it has synced.</param>
public sealed record BitcoinNetwork(
    string Name, string? Flag, int PeerPort, int RpcPort, Quantity MinStorage, Quantity Storage, NodeSize Size)
{
    public static BitcoinNetwork Mainnet { get; } =
        new("mainnet", null, 8333, 8334, Quantity.Parse("850Gi"), Quantity.Parse("1200Gi"), NodeSize.Of("1500m", "8Gi"));

    /// <summary>Public networks first, in the order of what they are worth.</summary>
    public static IReadOnlyDictionary<string, BitcoinNetwork> ByName { get; } = new[]
    {
        Mainnet,
        new("testnet", "--testnet", 18333, 18334, Quantity.Parse("100Gi"), Quantity.Parse("200Gi"), NodeSize.Of("500m", "4Gi")),
        new("signet", "--signet", 38333, 38332, Quantity.Parse("20Gi"), Quantity.Parse("50Gi"), NodeSize.Of("500m", "2Gi")),
        new("regtest", "--regtest", 18444, 18334, Quantity.Parse("1Gi"), Quantity.Parse("10Gi"), NodeSize.Of("250m", "1Gi")),
    }.ToDictionary(network => network.Name, StringComparer.Ordinal);

    public bool IsMainnet => Flag is null;

    /// <summary>Whether nodes find peers by themselves. A private network has no seeds: its nodes get each other's addresses.</summary>
    public bool HasSeeds => Name != "regtest";
}
