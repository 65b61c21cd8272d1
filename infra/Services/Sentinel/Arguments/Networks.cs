using System.Globalization;

namespace HaCluster.Sentinel.Arguments;

/// <summary>Networks by the names of the arguments, and what nodes call them.</summary>
internal static class Networks
{
    // https://chainid.network; Ethereum's own ids, EIP-155.
    private static readonly (string Name, ulong Id)[] Ethereum = [("mainnet", 1), ("sepolia", 11155111), ("hoodi", 560048)];

    // btcd reports Params.Name (https://github.com/btcsuite/btcd/blob/master/chaincfg/params.go), bitcoind and bcoin their short names
    // (https://github.com/bitcoin/bitcoin/blob/master/src/util/chaintype.cpp).
    private static readonly (string Name, string[] Spoken)[] Bitcoin =
    [
        ("mainnet", ["mainnet", "main"]),
        ("testnet", ["testnet", "testnet3", "test"]),
        ("testnet4", ["testnet4"]),
        ("signet", ["signet"]),
        ("regtest", ["regtest"]),
        ("simnet", ["simnet"]),
    ];

    public static string NameOf(Chain chain) => chain == Chain.Bitcoin ? "bitcoin" : "ethereum";

    public static string Choices(Chain chain) => chain == Chain.Bitcoin
        ? string.Join(", ", Bitcoin.Select(one => one.Name))
        : string.Join(", ", Ethereum.Select(one => one.Name)) + ", or a chain id";

    public static bool IsKnown(Chain chain, string network) => chain == Chain.Bitcoin
        ? Bitcoin.Any(one => one.Name == network)
        : Ethereum.Any(one => one.Name == network) || (ulong.TryParse(network, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0);

    /// <summary>Maps <c>getblockchaininfo.chain</c> to the name used in arguments; unchanged if unknown.</summary>
    public static string OfBitcoin(string spoken) =>
        Bitcoin.FirstOrDefault(one => one.Spoken.Contains(spoken, StringComparer.Ordinal)).Name ?? spoken;

    /// <summary>Maps <c>eth_chainId</c> to the name used in arguments; a number if unknown.</summary>
    public static string OfEthereum(ulong id) =>
        Ethereum.FirstOrDefault(one => one.Id == id).Name ?? id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether the argument means the network that the node spoke of; a chain id may be given for a network with a name.</summary>
    public static bool AreEqual(Chain chain, string argument, string ofNode) => argument == ofNode
        || (chain == Chain.Ethereum && ulong.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && OfEthereum(id) == ofNode);
}
