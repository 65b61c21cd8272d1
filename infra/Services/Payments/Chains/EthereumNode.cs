using System.Globalization;
using System.Numerics;
using System.Text.Json;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Chains;

/// <summary>A block by its place and name.</summary>
internal sealed record BlockReference(long Number, string Hash);

/// <summary>What became of a transaction in a block.</summary>
/// <param name="Fee">Wei that the sender paid for it.</param>
internal sealed record EthereumReceipt(BlockReference Block, bool HasSucceeded, BigInteger Fee);

/// <summary>A block with its transactions.</summary>
/// <param name="Parent">Hash of the block before it.</param>
internal sealed record EthereumBlock(BlockReference Reference, string Parent, DateTimeOffset Time, IReadOnlyList<EthereumTransaction> Transactions);

/// <param name="Receiver">With the checksum of EIP-55; null: it creates a contract.</param>
internal sealed record EthereumTransaction(string Txid, string Sender, long Nonce, string? Receiver, BigInteger Value);

/// <summary>A <c>Transfer</c> that a contract of ERC-20 logged.</summary>
/// <param name="Log">Its place among the logs of the block.</param>
internal sealed record TokenTransfer(string Txid, string Token, string Sender, string Receiver, BigInteger Amount, long Log);

/// <summary>A <c>Swept</c> that the contract of forwarders logged.</summary>
/// <param name="Token">Null: ether.</param>
/// <param name="Place">Of its transaction in the block.</param>
/// <param name="Log">Its place among the logs of the block.</param>
internal sealed record SweptLog(string Txid, string Forwarder, string? Token, BigInteger Amount, long Place, long Log);

/// <summary>How a transaction of a block ended.</summary>
/// <param name="FirstLog">Place of its first log among those of the block; null: it has none.</param>
internal sealed record TransactionOutcome(bool HasSucceeded, long? FirstLog);

/// <summary>The calls of a node of Ethereum that payments need (https://ethereum.github.io/execution-apis/).</summary>
internal sealed class EthereumNode(NodeClient client)
{
    /// <summary>keccak256 of Transfer(address,address,uint256), the event of ERC-20 (https://eips.ethereum.org/EIPS/eip-20).</summary>
    private const string TransferTopic = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

    /// <summary>balanceOf(address) of ERC-20.</summary>
    private const string BalanceSelector = "0x70a08231";

    /// <summary>Digits of a word, and those of an address in it.</summary>
    private const int WordDigits = 64;

    private const int AddressDigits = 40;

    private const int MostAtOnce = 200;

    private const string NoAddress = "0x0000000000000000000000000000000000000000";

    private readonly BatchedCalls _blocks = new(client, "eth_getBlockByNumber", MostAtOnce);
    private readonly BatchedCalls _logs = new(client, "eth_getLogs", MostAtOnce);
    private readonly BatchedCalls _balances = new(client, "eth_getBalance", MostAtOnce);
    private readonly BatchedCalls _calls = new(client, "eth_call", MostAtOnce);
    private bool _isChainChecked;

    /// <summary>A node of another chain would show deposits that are none, and take transfers for lost. It is asked once.</summary>
    /// <exception cref="NodeUnreachableException">It is one.</exception>
    public async Task RequireChainAsync(long chain, CancellationToken cancellationToken)
    {
        if (_isChainChecked)
            return;
        var found = (long)Number(await client.CallAsync("eth_chainId", cancellationToken));
        if (found != chain)
            throw new NodeUnreachableException($"the node is of chain {found}; this service is for {chain} (--ethereum-chain)");
        _isChainChecked = true;
    }

    public Task<BlockReference> HeadAsync(CancellationToken cancellationToken) => BlockAsync("latest", cancellationToken)!;

    /// <returns>Null: the chain is too young to have one.</returns>
    public Task<BlockReference?> FinalizedAsync(CancellationToken cancellationToken) => BlockAsync("finalized", cancellationToken);

    /// <returns>Null: there is no such block.</returns>
    public Task<BlockReference?> BlockAsync(long number, CancellationToken cancellationToken) => BlockAsync(Hex(number), cancellationToken);

    /// <summary>Blocks of its chain from a height on. It is not for two readers at a time.</summary>
    /// <returns>As many as the node gives at once, up to the number; none: its chain is not so high.</returns>
    public async Task<IReadOnlyList<EthereumBlock>> BlocksAsync(long from, int most, CancellationToken cancellationToken)
    {
        var answers = await _blocks.AskAsync([.. Enumerable.Range(0, Math.Min(most, _blocks.Size)).Select(number => new object[] { Hex(from + number), true })], _ => false, cancellationToken);
        EthereumBlock[] blocks = [.. answers.TakeWhile(answer => answer.Result.ValueKind == JsonValueKind.Object).Select(answer => ReadBlock(answer.Result))];
        return blocks.Index().FirstOrDefault(block => block.Item.Reference.Number != from + block.Index) is { Item: { } other, Index: var place }
            ? throw new NodeUnreachableException($"the node gave block {other.Reference.Number} ({other.Reference.Hash}) for block {from + place}")
            : blocks;
    }

    /// <summary>What it would put into the next block.</summary>
    public async Task<IReadOnlyList<EthereumTransaction>> PendingAsync(CancellationToken cancellationToken)
    {
        var found = await client.CallAsync("eth_getBlockByNumber", cancellationToken, "pending", true);
        return found.ValueKind == JsonValueKind.Object ? [.. found.GetProperty("transactions").EnumerateArray().Select(ReadTransaction)] : [];
    }

    /// <summary>Transfers of tokens in each of some blocks. Transactions that failed have none.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<TokenTransfer>>> TransfersAsync(IReadOnlyList<string> blockHashes, IReadOnlyCollection<string> tokens, CancellationToken cancellationToken) =>
        [.. (await LogsAsync(blockHashes, tokens, TransferTopic, cancellationToken)).Select(ReadTransfers)];

    /// <summary>What left forwarders in each of some blocks, whoever's they are.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<SweptLog>>> SweptAsync(IReadOnlyList<string> blockHashes, CancellationToken cancellationToken) =>
        [.. (await LogsAsync(blockHashes, [ForwarderContract.Address], ForwarderContract.SweptTopic, cancellationToken)).Select(ReadSwept)];

    /// <summary>The code at an address; <c>0x</c>: none.</summary>
    public async Task<string> CodeAsync(string address, CancellationToken cancellationToken) => (await client.CallAsync("eth_getCode", cancellationToken, address, "latest")).GetString() ?? "0x";

    /// <summary>How the transactions of a block ended.</summary>
    public async Task<IReadOnlyDictionary<string, TransactionOutcome>> OutcomesAsync(string blockHash, CancellationToken cancellationToken)
    {
        var receipts = await client.CallAsync("eth_getBlockReceipts", cancellationToken, blockHash);
        if (receipts.ValueKind != JsonValueKind.Array)
            throw new NodeUnreachableException($"the node no longer has block {blockHash}");
        return receipts.EnumerateArray().ToDictionary(
            receipt => receipt.GetProperty("transactionHash").GetString()!,
            receipt => new TransactionOutcome(
                Number(receipt.GetProperty("status")) == 1,
                receipt.GetProperty("logs").EnumerateArray().Select(log => (long?)Number(log.GetProperty("logIndex"))).Min()),
            StringComparer.Ordinal);
    }

    /// <inheritdoc cref="BalanceAsync(string, string, CancellationToken)"/>
    public async Task<BigInteger> TokenBalanceAsync(string token, string address, string block, CancellationToken cancellationToken) =>
        ReadTokenBalance(token, await client.CallAsync("eth_call", cancellationToken, BalanceCall(token, address), block), block);

    /// <summary>For what many addresses have at one block.</summary>
    public BalanceBatches NewBalances() => new(client);

    /// <summary>What addresses have at the newest block. It is not for two readers at a time.</summary>
    /// <param name="token">Null: of ether.</param>
    /// <returns>In the order of the addresses; null: the token does not say.</returns>
    public async Task<IReadOnlyList<BigInteger?>> BalancesAsync(string? token, IReadOnlyList<string> addresses, CancellationToken cancellationToken)
    {
        var found = new List<BigInteger?>();
        object[][] calls = [.. addresses.Select(address => token is null ? [address, "latest"] : new object[] { BalanceCall(token, address), "latest" })];
        while (found.Count < calls.Length)
        {
            var answers = await (token is null ? _balances : _calls).AskAsync(calls[found.Count..], _ => true, cancellationToken);
            found.AddRange(answers.Select(answer => answer.Refusal is null && (token is null || answer.Result.GetString() is { Length: 2 + WordDigits }) ? Number(answer.Result) : (BigInteger?)null));
        }

        return found;
    }

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

    internal static BigInteger ReadTokenBalance(string token, JsonElement answer, string block) => answer.GetString() is { Length: 2 + WordDigits } ? Number(answer)
        : throw new NodeRefusedException("eth_call", 0, $"{token} has no balanceOf: it is not a token of ERC-20 at block {block} (--token)");

    internal static object BalanceCall(string token, string address) => new { to = token, data = BalanceSelector + address[2..].ToLowerInvariant().PadLeft(WordDigits, '0') };

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

    private async Task<IReadOnlyList<JsonElement>> LogsAsync(IReadOnlyList<string> blockHashes, IReadOnlyCollection<string> contracts, string topic, CancellationToken cancellationToken)
    {
        var found = new List<JsonElement>();
        object[][] calls = [.. blockHashes.Select(blockHash => new object[] { new { blockHash, address = contracts, topics = new[] { topic } } })];
        while (found.Count < calls.Length)
            found.AddRange((await _logs.AskAsync(calls[found.Count..], _ => false, cancellationToken)).Select(answer => answer.Result));
        return found;
    }

    private static EthereumBlock ReadBlock(JsonElement block) => new(
        new BlockReference((long)Number(block.GetProperty("number")), block.GetProperty("hash").GetString() ?? ""),
        block.GetProperty("parentHash").GetString()!,
        DateTimeOffset.FromUnixTimeSeconds((long)Number(block.GetProperty("timestamp"))),
        [.. block.GetProperty("transactions").EnumerateArray().Select(ReadTransaction)]);

    // Contracts of other standards (ERC-721) log an event of this name with another shape.
    private static IReadOnlyList<TokenTransfer> ReadTransfers(JsonElement logs) =>
    [
        .. logs.EnumerateArray().Where(log => log.GetProperty("topics").GetArrayLength() == 3 && log.GetProperty("data").GetString()!.Length == 2 + WordDigits).Select(log => new TokenTransfer(
            log.GetProperty("transactionHash").GetString()!,
            log.GetProperty("address").GetString()!.ToLowerInvariant(),
            AddressOf(log, 1),
            AddressOf(log, 2),
            Number(log.GetProperty("data")),
            (long)Number(log.GetProperty("logIndex")))),
    ];

    private static IReadOnlyList<SweptLog> ReadSwept(JsonElement logs) =>
    [
        .. logs.EnumerateArray().Select(log => new SweptLog(
            log.GetProperty("transactionHash").GetString()!,
            AddressOf(log, 2),
            AddressOf(log, 3) is var token && token == NoAddress ? null : token.ToLowerInvariant(),
            Number(log.GetProperty("data")),
            (long)Number(log.GetProperty("transactionIndex")),
            (long)Number(log.GetProperty("logIndex")))),
    ];

    private static string AddressOf(JsonElement log, int topic) => EthereumAddress.Checksum("0x" + log.GetProperty("topics")[topic].GetString()![^AddressDigits..]);

    private static EthereumTransaction ReadTransaction(JsonElement transaction) => new(
        transaction.GetProperty("hash").GetString()!,
        transaction.GetProperty("from").GetString()!,
        (long)Number(transaction.GetProperty("nonce")),
        transaction.GetProperty("to").GetString() is { } receiver ? EthereumAddress.Checksum(receiver) : null,
        Number(transaction.GetProperty("value")));

    internal static BigInteger Number(JsonElement element)
    {
        var text = element.ValueKind == JsonValueKind.String ? element.GetString()! : "";
        return text.StartsWith("0x", StringComparison.Ordinal) && BigInteger.TryParse("0" + text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new NodeUnreachableException($"the node gave '{element}' for a number");
    }
}
