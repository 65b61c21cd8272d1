using System.Collections.Immutable;

namespace HaCluster.Stack.Chains.Fronts;

/// <summary>
/// RPC methods that a front allows: reading the chain and sending signed transactions. Excluded are methods that change a node (stop, invalidateblock,
/// addnode, generate), that depend on a single node (filters, subscriptions) or that can keep a node busy with one call.
/// </summary>
public static class RpcMethods
{
    /// <summary>Of those btcd has (<c>rpcHandlersBeforeInit</c> in https://github.com/btcsuite/btcd/blob/master/rpcserver.go).</summary>
    public static readonly ImmutableArray<string> Bitcoin =
    [
        "decoderawtransaction", "decodescript", "estimatefee", "getbestblock", "getbestblockhash", "getblock", "getblockchaininfo", "getblockcount",
        "getblockhash", "getblockheader", "getchaintips", "getconnectioncount", "getcurrentnet", "getdifficulty", "getmempoolinfo", "getrawmempool",
        "getrawtransaction", "gettxout", "gettxspendingprevout", "sendrawtransaction", "testmempoolaccept", "uptime", "validateaddress", "version",
    ];

    /// <summary>Of those of https://ethereum.github.io/execution-apis/.</summary>
    public static readonly ImmutableArray<string> Ethereum =
    [
        "eth_blobBaseFee", "eth_blockNumber", "eth_call", "eth_chainId", "eth_createAccessList", "eth_estimateGas", "eth_feeHistory", "eth_gasPrice",
        "eth_getBalance", "eth_getBlockByHash", "eth_getBlockByNumber", "eth_getBlockReceipts", "eth_getBlockTransactionCountByHash",
        "eth_getBlockTransactionCountByNumber", "eth_getCode", "eth_getLogs", "eth_getProof", "eth_getStorageAt", "eth_getTransactionByBlockHashAndIndex",
        "eth_getTransactionByBlockNumberAndIndex", "eth_getTransactionByHash", "eth_getTransactionCount", "eth_getTransactionReceipt",
        "eth_maxPriorityFeePerGas", "eth_sendRawTransaction", "eth_syncing", "net_version", "web3_clientVersion",
    ];
}
