using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using HaCluster.Payments.Chains;

namespace HaCluster.Payments.Tests.Chains;

/// <summary>A chain of Ethereum in memory that counts what it is asked: for more addresses than a node is given by a test in the time. What addresses have is what they had from the beginning.</summary>
internal sealed class FakeEthereum : HttpMessageHandler
{
    private const string TransferTopic = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

    private readonly List<(string Hash, List<JsonObject> Transactions, List<JsonObject> Receipts)> _blocks = [];
    private long _made;

    public FakeEthereum(int blocks) => Mine(blocks);

    public long Head => _blocks.Count - 1;

    /// <summary>Requests, by method: a batch is one.</summary>
    public Dictionary<string, int> Requests { get; } = new(StringComparer.Ordinal);

    /// <summary>Of a token, or of ether under an empty name, by address in lower case.</summary>
    public Dictionary<(string Token, string Address), BigInteger> Balances { get; } = [];

    /// <summary>Tokens whose calls fail.</summary>
    public HashSet<string> Failing { get; } = [];

    /// <summary>Whether it has no balances of the blocks that it is asked of.</summary>
    public bool HasForgotten { get; set; }

    /// <summary>What happens before a request is answered; gets its method.</summary>
    public Func<string, Task>? Before { get; set; }

    public int RequestsOf(string method) => Requests.GetValueOrDefault(method);

    public void Mine(int blocks = 1)
    {
        for (var number = 0; number < blocks; number++)
            _blocks.Add(($"0x{++_made:x64}", [], []));
    }

    /// <summary>Other blocks in place of the newest ones.</summary>
    public void Replace(int depth)
    {
        _blocks.RemoveRange(_blocks.Count - depth, depth);
        Mine(depth);
    }

    /// <summary>Ether, in a block of its own.</summary>
    public void Pay(string address, int amount)
    {
        Mine();
        var txid = $"0x{++_made:x64}";
        _blocks[^1].Transactions.Add(new JsonObject { ["hash"] = txid, ["from"] = $"0x{1:x40}", ["nonce"] = $"0x{_made:x}", ["to"] = address.ToLowerInvariant(), ["value"] = $"0x{amount:x}" });
        _blocks[^1].Receipts.Add(new JsonObject { ["transactionHash"] = txid, ["status"] = "0x1", ["logs"] = new JsonArray() });
    }

    public void PayToken(string token, string address, int amount)
    {
        Mine();
        var txid = $"0x{++_made:x64}";
        var log = new JsonObject
        {
            ["transactionHash"] = txid,
            ["address"] = token,
            ["topics"] = new JsonArray(TransferTopic, $"0x{1:x64}", "0x" + address[2..].ToLowerInvariant().PadLeft(64, '0')),
            ["data"] = $"0x{amount:x64}",
            ["logIndex"] = "0x0",
        };
        _blocks[^1].Receipts.Add(new JsonObject { ["transactionHash"] = txid, ["status"] = "0x1", ["logs"] = new JsonArray(log) });
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
        var method = (string)(asked is JsonArray several ? several[0]! : asked)["method"]!;
        Requests[method] = RequestsOf(method) + 1;
        if (Before is { } before)
            await before(method);
        return NodeProxy.Json(asked is JsonArray batch ? new JsonArray([.. batch.Select(one => Answer(one!))]) : Answer(asked));
    }

    private JsonObject Answer(JsonNode asked)
    {
        var answer = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = (int)asked["id"]! };
        var parameters = asked["params"]!.AsArray();
        if ((string?)asked["method"] == "eth_call" && Failing.Contains((string)parameters[0]!["to"]!))
            answer["error"] = new JsonObject { ["code"] = 3, ["message"] = "execution reverted" };
        else if (HasForgotten && (string?)asked["method"] is ("eth_call" or "eth_getBalance"))
            answer["error"] = new JsonObject { ["code"] = -32000, ["message"] = "missing trie node" };
        else
            answer["result"] = Result((string)asked["method"]!, parameters);
        return answer;
    }

    private JsonNode? Result(string method, JsonArray parameters) => method switch
    {
        "eth_chainId" => "0x7a69",
        "eth_getBlockByNumber" => Block((string)parameters[0]!),
        "eth_getBalance" => EthereumNode.Hex(BalanceOf("", (string)parameters[0]!)),
        "eth_call" => "0x" + BalanceOf((string)parameters[0]!["to"]!, "0x" + ((string)parameters[0]!["data"]!)[^40..]).ToString("x64", CultureInfo.InvariantCulture),
        "eth_getLogs" => new JsonArray([.. Logs(parameters[0]!)]),
        "eth_getBlockReceipts" => new JsonArray([.. Of((string)parameters[0]!).Receipts.Select(receipt => receipt.DeepClone())]),
        "eth_getTransactionByHash" or "eth_getTransactionReceipt" => null,
        _ => throw new InvalidOperationException(method),
    };

    private BigInteger BalanceOf(string token, string address) => Balances.GetValueOrDefault((token, address.ToLowerInvariant()));

    private (string Hash, List<JsonObject> Transactions, List<JsonObject> Receipts) Of(string hash) => _blocks.Single(block => block.Hash == hash);

    private IEnumerable<JsonNode?> Logs(JsonNode filter)
    {
        var contracts = filter["address"]!.AsArray().Select(contract => (string)contract!).ToHashSet();
        return Of((string)filter["blockHash"]!).Receipts.SelectMany(receipt => receipt["logs"]!.AsArray())
            .Where(log => contracts.Contains((string)log!["address"]!) && (string?)log["topics"]![0] == (string?)filter["topics"]![0]).Select(log => log!.DeepClone());
    }

    /// <summary>A block is final when two are on top of it.</summary>
    private JsonObject? Block(string tag)
    {
        var number = tag switch { "latest" or "pending" => Head, "finalized" => Head - 2, _ => (long)EthereumNode.Number(System.Text.Json.JsonSerializer.SerializeToElement(tag)) };
        if (number < 0 || number > Head)
            return null;
        var (hash, transactions, _) = _blocks[(int)number];
        return new JsonObject
        {
            ["number"] = $"0x{number:x}",
            ["hash"] = hash,
            ["parentHash"] = number == 0 ? "0x0" : _blocks[(int)number - 1].Hash,
            ["timestamp"] = $"0x{1_700_000_000 + (12 * number):x}",
            ["transactions"] = tag == "pending" ? new JsonArray() : new JsonArray([.. transactions.Select(transaction => transaction.DeepClone())]),
        };
    }
}
