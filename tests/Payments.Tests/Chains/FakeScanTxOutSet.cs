using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Payments.Tests.Sending;
using NBitcoin;

namespace HaCluster.Payments.Tests.Chains;

/// <summary>
/// Puts scantxoutset of Bitcoin Core before bcoin, which has no such call: it looks for the addresses in the real blocks since a height. The answer has the shape of Bitcoin Core's
/// (https://bitcoincore.org/en/doc/29.0.0/rpc/blockchain/scantxoutset/), which was not there to be asked.
/// </summary>
internal sealed class FakeScanTxOutSet(BitcoinRegtest bitcoin, long fromHeight) : DelegatingHandler(new SocketsHttpHandler())
{
    /// <summary>That it says it speaks of; null: the newest.</summary>
    public string? Block { get; set; }

    /// <summary>Another client's search goes on.</summary>
    public bool IsBusy { get; set; }

    /// <summary>What is in front of the node lets no such call through.</summary>
    public bool IsForbidden { get; set; }

    /// <summary>Somebody else ends the search before it is through.</summary>
    public bool IsAborted { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
        if (asked is not JsonObject || (string?)asked["method"] != "scantxoutset")
            return await base.SendAsync(request, cancellationToken);
        if (IsForbidden)
            return new HttpResponseMessage(HttpStatusCode.Forbidden) { Content = new StringContent("""{"error":"this method is not allowed here, or the request is a batch"}""") };
        if (IsBusy && (string?)asked["params"]![0] == "start")
            return NodeProxy.Json(new JsonObject { ["id"] = 1, ["result"] = null, ["error"] = new JsonObject { ["code"] = -8, ["message"] = "Scan already in progress, use action \"abort\" or \"status\"" } });
        return NodeProxy.Json(new JsonObject { ["id"] = 1, ["error"] = null, ["result"] = (string?)asked["params"]![0] == "start" ? await ScanAsync(asked["params"]![1]!.AsArray()) : null });
    }

    private async Task<JsonObject> ScanAsync(JsonArray descriptors)
    {
        var scripts = descriptors.Select(one => (string)one!).Select(one => one["addr(".Length..^1]).ToDictionary(address => BitcoinAddress.Create(address, Network.RegTest).ScriptPubKey);
        var coins = new Dictionary<OutPoint, JsonObject>();
        var hashes = await bitcoin.Chain.HashesAsync(fromHeight);
        foreach (var hash in hashes)
        {
            var block = NBitcoin.Block.Parse((await bitcoin.Chain.CallAsync("getblock", hash, false)).GetString()!, Network.RegTest);
            foreach (var transaction in block.Transactions)
            {
                foreach (var input in transaction.Inputs)
                    coins.Remove(input.PrevOut);
                foreach (var output in transaction.Outputs.AsIndexedOutputs().Where(output => scripts.ContainsKey(output.TxOut.ScriptPubKey)))
                {
                    coins[new OutPoint(transaction.GetHash(), output.N)] = new JsonObject
                    {
                        ["txid"] = $"{transaction.GetHash()}",
                        ["vout"] = output.N,
                        ["scriptPubKey"] = output.TxOut.ScriptPubKey.ToHex(),
                        ["desc"] = $"addr({scripts[output.TxOut.ScriptPubKey]})#00000000",
                        ["amount"] = JsonSerializer.SerializeToNode(output.TxOut.Value.ToDecimal(MoneyUnit.BTC)),
                        ["coinbase"] = transaction.IsCoinBase,
                    };
                }
            }
        }

        return new JsonObject { ["success"] = !IsAborted, ["bestblock"] = Block ?? hashes[^1], ["unspents"] = new JsonArray([.. coins.Values]) };
    }
}
