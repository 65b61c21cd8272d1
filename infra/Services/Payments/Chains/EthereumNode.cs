using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace HaCluster.Payments.Chains;

/// <summary>A block by its place and name.</summary>
internal sealed record BlockReference(long Number, string Hash);

/// <summary>What became of a transaction in a block.</summary>
/// <param name="Fee">Wei that the sender paid for it.</param>
internal sealed record EthereumReceipt(BlockReference Block, bool HasSucceeded, BigInteger Fee);

/// <summary>What a node said when it got signed bytes.</summary>
internal enum Broadcast
{
    Taken,

    /// <summary>It had them.</summary>
    Known,

    /// <summary>A transaction with this nonce is in a block already: ours, or another.</summary>
    NonceUsed,

    /// <summary>It has another transaction with this nonce that pays as much.</summary>
    Underpriced,

    /// <summary>It does not take them now.</summary>
    Refused,
}

/// <summary>The calls of a node of Ethereum that payments need (https://ethereum.github.io/execution-apis/).</summary>
internal sealed class EthereumNode(NodeClient client)
{
    public async Task<long> ChainIdAsync(CancellationToken cancellationToken) => (long)Number(await client.CallAsync("eth_chainId", cancellationToken));

    public Task<BlockReference> HeadAsync(CancellationToken cancellationToken) => BlockAsync("latest", cancellationToken)!;

    /// <returns>Null: the chain is too young to have one.</returns>
    public Task<BlockReference?> FinalizedAsync(CancellationToken cancellationToken) => BlockAsync("finalized", cancellationToken);

    /// <returns>Null: there is no such block.</returns>
    public Task<BlockReference?> BlockAsync(long number, CancellationToken cancellationToken) => BlockAsync(Hex(number), cancellationToken);

    /// <param name="block">A number in hexadecimal, or a tag such as <c>latest</c>.</param>
    public async Task<BigInteger> BalanceAsync(string address, string block, CancellationToken cancellationToken) => Number(await client.CallAsync("eth_getBalance", cancellationToken, address, block));

    /// <summary>Transactions of the sender that are in blocks up to this one: its next nonce.</summary>
    public async Task<long> NonceAsync(string address, string block, CancellationToken cancellationToken) => (long)Number(await client.CallAsync("eth_getTransactionCount", cancellationToken, address, block));

    /// <summary>Wei per gas that the next block asks for at least, and a tip that gets a transaction into it.</summary>
    public async Task<(BigInteger BaseFee, BigInteger Tip)> FeesAsync(CancellationToken cancellationToken)
    {
        var block = await client.CallAsync("eth_getBlockByNumber", cancellationToken, "latest", false);
        return (Number(block.GetProperty("baseFeePerGas")), Number(await client.CallAsync("eth_maxPriorityFeePerGas", cancellationToken)));
    }

    /// <exception cref="NodeRefusedException">The call would fail.</exception>
    public async Task<long> EstimateGasAsync(string sender, string receiver, BigInteger value, string data, CancellationToken cancellationToken) => (long)Number(await client.CallAsync(
        "eth_estimateGas", cancellationToken, new { from = sender, to = receiver, value = Hex(value), data = data.Length == 0 ? "0x" : data }));

    /// <exception cref="NodeUnreachableException">It is not known whether it has them.</exception>
    public async Task<(Broadcast Outcome, string Reason)> SendAsync(string raw, CancellationToken cancellationToken)
    {
        try
        {
            await client.CallAsync("eth_sendRawTransaction", cancellationToken, raw);
            return (Broadcast.Taken, "");
        }
        catch (NodeRefusedException exception)
        {
            return (Classify(exception.Reason), exception.Reason);
        }
    }

    /// <returns>Null: it is in no block.</returns>
    public async Task<EthereumReceipt?> ReceiptAsync(string txid, CancellationToken cancellationToken)
    {
        var receipt = await client.CallAsync("eth_getTransactionReceipt", cancellationToken, txid);
        if (receipt.ValueKind != JsonValueKind.Object)
            return null;
        return new EthereumReceipt(
            new BlockReference((long)Number(receipt.GetProperty("blockNumber")), receipt.GetProperty("blockHash").GetString()!),
            Number(receipt.GetProperty("status")) == 1,
            Number(receipt.GetProperty("gasUsed")) * Number(receipt.GetProperty("effectiveGasPrice")));
    }

    /// <summary>Whether the node has it, in a block or in its memory pool.</summary>
    public async Task<bool> KnowsAsync(string txid, CancellationToken cancellationToken) => (await client.CallAsync("eth_getTransactionByHash", cancellationToken, txid)).ValueKind == JsonValueKind.Object;

    public static string Hex(BigInteger number) => number.IsZero ? "0x0" : "0x" + number.ToString("x", CultureInfo.InvariantCulture).TrimStart('0');

    /// <summary>The words of geth (core/txpool/errors.go, core/error.go), which reth, erigon, nethermind and anvil use too, each with its own around them.</summary>
    private static Broadcast Classify(string reason)
    {
        foreach (var (words, outcome) in new[]
        {
            ("already known", Broadcast.Known), ("already imported", Broadcast.Known), ("alreadyknown", Broadcast.Known), ("nonce too low", Broadcast.NonceUsed), ("oldnonce", Broadcast.NonceUsed),
            ("underpriced", Broadcast.Underpriced),
        })
        {
            if (reason.Contains(words, StringComparison.OrdinalIgnoreCase))
                return outcome;
        }

        return Broadcast.Refused;
    }

    private async Task<BlockReference?> BlockAsync(string block, CancellationToken cancellationToken)
    {
        try
        {
            var found = await client.CallAsync("eth_getBlockByNumber", cancellationToken, block, false);
            return found.ValueKind == JsonValueKind.Object ? new BlockReference((long)Number(found.GetProperty("number")), found.GetProperty("hash").GetString()!) : null;
        }
        catch (NodeRefusedException) when (block == "finalized")
        {
            // geth has an error for a block that is not there yet, others null.
            return null;
        }
    }

    private static BigInteger Number(JsonElement element)
    {
        var text = element.ValueKind == JsonValueKind.String ? element.GetString()! : "";
        return text.StartsWith("0x", StringComparison.Ordinal) && BigInteger.TryParse("0" + text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new NodeUnreachableException($"the node gave '{element}' for a number");
    }
}
