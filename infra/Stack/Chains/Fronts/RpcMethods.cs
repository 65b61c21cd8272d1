using System.Collections.Immutable;

namespace HaCluster.Stack.Chains.Fronts;

/// <summary>
/// What a front lets through: reading the chain and handing in signed transactions. Left out is what changes a node (stop, invalidateblock,
/// addnode, generate), what belongs to one node alone (filters, subscriptions) and what one call can keep a node busy with.
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
