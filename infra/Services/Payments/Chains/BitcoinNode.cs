using System.Numerics;
using System.Text.Json;
using NBitcoin;

namespace HaCluster.Payments.Chains;

/// <summary>A coin of the chain.</summary>
/// <param name="Outpoint">As <c>txid:index</c>.</param>
/// <param name="Script">In hexadecimal: that of its address.</param>
internal sealed record UnspentCoin(string Outpoint, string Script, BigInteger Amount);

/// <summary>The calls of a node of Bitcoin that payments need, which btcd, bitcoind and bcoin have alike.</summary>
internal sealed class BitcoinNode(NodeClient client, Network network)
{
    /// <summary>RPC_INVALID_ADDRESS_OR_KEY: what was asked for is not there (https://github.com/bitcoin/bitcoin/blob/master/src/rpc/protocol.h).</summary>
    private const int NotFound = -5;

    /// <summary>RPC_METHOD_NOT_FOUND.</summary>
    private const int MethodNotFound = -32601;

    /// <summary>RPC_METHOD_DEPRECATED.</summary>
    private const int MethodDeprecated = -32;

    /// <summary>RPC_VERIFY_ALREADY_IN_UTXO_SET.</summary>
    private const int AlreadyInChain = -27;

    /// <summary>Blocks in which a payment is to be, for the estimate of its fee.</summary>
    private const int TargetBlocks = 6;

    private const int MostAtOnce = 500;

    private readonly BatchedCalls _hashes = new(client, "getblockhash", MostAtOnce);
    private readonly BatchedCalls _blocks = new(client, "getblock", MostAtOnce);
    private readonly BatchedCalls _coins = new(client, "gettxout", MostAtOnce);
    private readonly BatchedCalls _transactions = new(client, "getrawtransaction", MostAtOnce);

    public async Task<BlockReference> HeadAsync(CancellationToken cancellationToken)
    {
        var height = (await client.CallAsync("getblockcount", cancellationToken)).GetInt64();
        return new BlockReference(height, await HashAsync(height, cancellationToken) ?? throw new NodeUnreachableException("the node's chain changed while it was asked"));
    }

    /// <returns>Null: the chain is not so high.</returns>
    public async Task<string?> HashAsync(long height, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.CallAsync("getblockhash", cancellationToken, height)).GetString();
        }
        catch (NodeRefusedException)
        {
            return null;
        }
    }

    /// <summary>Blocks of its chain from a height on, with the hashes under which it gave them. It is not for two readers at a time.</summary>
    /// <returns>As many as the node gives at once, up to the number; none: its chain is not so high.</returns>
    public async Task<IReadOnlyList<(string Hash, Block Block)>> BlocksAsync(long from, int most, CancellationToken cancellationToken)
    {
        string[] hashes;
        try
        {
            hashes = [.. (await _hashes.AskAsync([.. Enumerable.Range(0, Math.Min(most, _blocks.Size)).Select(number => new object[] { from + number })], _ => false, cancellationToken)).Select(answer => answer.Result.GetString()!)];
        }
        catch (NodeRefusedException)
        {
            return [];
        }

        var blocks = await _blocks.AskAsync([.. hashes.Select(hash => new object[] { hash, false })], _ => false, cancellationToken);
        return [.. blocks.Zip(hashes, (block, hash) => (hash, Block.Parse(block.Result.GetString()!, network)))];
    }

    /// <summary>Transactions that wait for a block.</summary>
    public async Task<IReadOnlyList<string>> PoolAsync(CancellationToken cancellationToken) =>
        [.. (await client.CallAsync("getrawmempool", cancellationToken, false)).EnumerateArray().Select(txid => txid.GetString()!)];

    /// <returns>Those that it has.</returns>
    public async Task<IReadOnlyList<Transaction>> TransactionsAsync(IReadOnlyCollection<string> txids, CancellationToken cancellationToken)
    {
        var found = new List<Transaction>();
        object[][] calls = [.. txids.Select(txid => new object[] { txid, 0 })];
        for (var asked = 0; asked < calls.Length;)
        {
            var answers = await _transactions.AskAsync(calls[asked..], IsNotFound, cancellationToken);
            found.AddRange(answers.Where(answer => answer.Refusal is null).Select(answer => Transaction.Parse(answer.Result.GetString()!, network)));
            asked += answers.Count;
        }

        return found;
    }

    /// <summary>Satoshi of those coins that are there and unspent, in the blocks alone.</summary>
    public async Task<BigInteger> UnspentAsync(IReadOnlyList<(string Txid, long Index)> outpoints, CancellationToken cancellationToken)
    {
        object[][] calls = [.. outpoints.Select(outpoint => new object[] { outpoint.Txid, outpoint.Index, false })];
        var sum = BigInteger.Zero;
        for (var asked = 0; asked < calls.Length;)
        {
            var answers = await _coins.AskAsync(calls[asked..], _ => false, cancellationToken);
            foreach (var answer in answers.Where(answer => answer.Result.ValueKind == JsonValueKind.Object))
                sum += Satoshi(answer.Result.GetProperty("value"));
            asked += answers.Count;
        }

        return sum;
    }

    /// <summary>
    /// All unspent coins of some addresses, also those that nobody has looked for (https://bitcoincore.org/en/doc/29.0.0/rpc/blockchain/scantxoutset/): on the main network it takes minutes, and counts for the block that was
    /// the newest when it began.
    /// </summary>
    /// <returns>With the hash of that block; null: the node has no such call, which Bitcoin Core alone has, or lets nobody make it.</returns>
    /// <exception cref="NodeRefusedException">It is scanning for somebody else already.</exception>
    public async Task<(string Block, IReadOnlyList<UnspentCoin> Coins)?> ScanUnspentAsync(IReadOnlyCollection<string> addresses, CancellationToken cancellationToken)
    {
        try
        {
            await client.CallAsync("scantxoutset", cancellationToken, "status");
        }
        catch (Exception exception) when (exception is CallForbiddenException or NodeRefusedException { Code: MethodNotFound })
        {
            return null;
        }

        var found = await client.CallLongAsync("scantxoutset", cancellationToken, "start", addresses.Select(address => $"addr({address})").ToArray());
        if (!found.TryGetProperty("success", out var success) || success.ValueKind != JsonValueKind.True)
            throw new NodeUnreachableException("scantxoutset: the scan was aborted before it ended");
        return (
            found.GetProperty("bestblock").GetString()!,
            [
                .. found.GetProperty("unspents").EnumerateArray().Select(coin => new UnspentCoin(
                    $"{coin.GetProperty("txid").GetString()}:{coin.GetProperty("vout").GetInt64()}", coin.GetProperty("scriptPubKey").GetString()!, Satoshi(coin.GetProperty("amount")))),
            ]);
    }

    /// <summary>Whether the node has it in its memory pool, or in a block and an index of transactions.</summary>
    public async Task<bool> KnowsAsync(string txid, CancellationToken cancellationToken)
    {
        try
        {
            await client.CallAsync("getrawtransaction", cancellationToken, txid, 0);
            return true;
        }
        catch (NodeRefusedException exception) when (IsNotFound(exception))
        {
            return false;
        }
    }

    /// <exception cref="NodeUnreachableException">It is not known whether it has them.</exception>
    public async Task<(Broadcast Outcome, string Reason)> SendAsync(string raw, CancellationToken cancellationToken)
    {
        try
        {
            await client.CallAsync("sendrawtransaction", cancellationToken, raw);
            return (Broadcast.Taken, "");
        }
        catch (NodeRefusedException exception)
        {
            var isKnown = exception.Code == AlreadyInChain || exception.Reason.Contains("already", StringComparison.OrdinalIgnoreCase);
            return (isKnown ? Broadcast.Known : Broadcast.Refused, exception.Reason);
        }
    }

    /// <summary>Satoshi per 1000 virtual bytes.</summary>
    /// <returns>Null: the node has seen too little to say.</returns>
    public async Task<BigInteger?> FeeRateAsync(CancellationToken cancellationToken)
    {
        try
        {
            var estimate = await EstimateAsync(cancellationToken);
            return estimate.ValueKind == JsonValueKind.Number && estimate.GetDecimal() is > 0 and < 1 and var rate ? (BigInteger)(rate * Money.COIN) : null;
        }
        catch (Exception exception) when (exception is NodeRefusedException or CallForbiddenException)
        {
            return null;
        }
    }

    /// <summary>
    /// btcd has <c>estimatefee</c> alone, Bitcoin Core since 0.17 <c>estimatesmartfee</c> alone (https://bitcoincore.org/en/doc/29.0.0/rpc/util/estimatesmartfee/), which has <c>errors</c> in place of <c>feerate</c> when it
    /// cannot say.
    /// </summary>
    /// <returns>Bitcoin per 1000 virtual bytes, if it is a number.</returns>
    private async Task<JsonElement> EstimateAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await client.CallAsync("estimatefee", cancellationToken, TargetBlocks);
        }
        catch (Exception exception) when (exception is CallForbiddenException or NodeRefusedException { Code: MethodNotFound or MethodDeprecated })
        {
            var estimate = await client.CallAsync("estimatesmartfee", cancellationToken, TargetBlocks);
            return estimate.ValueKind == JsonValueKind.Object && estimate.TryGetProperty("feerate", out var rate) ? rate : default;
        }
    }

    private static BigInteger Satoshi(JsonElement coins) => (BigInteger)(coins.GetDecimal() * Money.COIN);

    // bcoin has one code for all that goes wrong.
    private static bool IsNotFound(NodeRefusedException exception) => exception.Code == NotFound || exception.Reason.Contains("not found", StringComparison.OrdinalIgnoreCase);
}
