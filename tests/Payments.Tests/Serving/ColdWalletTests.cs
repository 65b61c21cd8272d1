using System.Net;
using System.Numerics;
using System.Text;
using System.Text.Json;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Serving;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using NBitcoin;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Model;
using Nethereum.Signer;
using Transfer = HaCluster.Payments.Transfers.Transfer;

namespace HaCluster.Payments.Tests.Serving;

/// <summary>Transfers that are signed by hand: what comes back is the exported transaction with signatures, or it is refused.</summary>
[Collection(BitcoinCollection.Name)]
public sealed class ColdWalletTests(BitcoinRegtest bitcoin) : IAsyncLifetime, IDisposable
{
    private readonly Scratch _scratch = new();
    private SqliteDatabase _database = null!;
    private RunningService _service = null!;
    private HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        _database = new SqliteDatabase(_scratch.At("payments.db"));
        await _database.MigrateAsync(default);
        _service = await RunningService.StartAsync(new ServeOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), Data = _scratch.Path, Networks = Networks.Development }, TextWriter.Null, default);
        _http = new HttpClient { BaseAddress = _service.Address, Timeout = Waiting.Limit };
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _service.DisposeAsync();
        await _database.DisposeAsync();
    }

    public void Dispose() => _scratch.Dispose();

    [SkippableFact]
    public async Task On_Ethereum_only_the_exported_transaction_is_taken_and_paid_once()
    {
        await using var world = await EthereumWorld.StartAsync(await EthereumWorld.StartChainAsync(), _database, _scratch.Path, isCold: true);
        var sender = world.NewSender(null);
        var transfer = await world.AddAsync(1, 1000);
        Assert.Equal((HttpStatusCode.Conflict, "not-ready"), await CodeAsync(transfer, HttpMethod.Get, "unsigned"));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "not-ready"), await ImportAsync(transfer, "0x02c0"));
        await sender.WorkAsync(world.Wallet, default);
        await sender.WorkAsync(world.Wallet, default);
        Assert.Equal(TransferState.Approved, (await world.TransferAsync(transfer.Id)).State);

        var export = await ExportAsync(transfer);
        var transaction = export.GetProperty("transaction");
        Assert.Equal(Sign(transaction).RawHash, TransactionFactory.CreateTransaction(export.GetProperty("rlp").GetString()!).RawHash);
        foreach (var (field, value) in new (string, object)[] { ("to", EthereumWorld.Destination(9)), ("value", "1001"), ("nonce", 1), ("gas", 21_001), ("maxFeePerGas", "1"), ("chainId", 1), ("data", "0x00") })
            Assert.Equal((HttpStatusCode.UnprocessableEntity, "not-the-order"), await ImportAsync(transfer, Raw(Sign(transaction, (field, value)))));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "not-the-sender"), await ImportAsync(transfer, Raw(Sign(transaction, key: new string('1', 64)))));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "not-the-order"), await ImportAsync(transfer, HighS(Sign(transaction))));
        var raw = Raw(Sign(transaction));
        await _database.ChangeAsync(session => session.SetKillSwitchAsync(true, "drill", "test", DateTimeOffset.UtcNow));
        Assert.Equal((HttpStatusCode.Forbidden, "kill-switch"), await ImportAsync(transfer, raw));
        await _database.ChangeAsync(session => session.SetKillSwitchAsync(false, null, "test", DateTimeOffset.UtcNow));
        await _database.ChangeAsync(session => session.RemoveDestinationAsync(transfer.Wallet, transfer.Destination, "test", DateTimeOffset.UtcNow));
        Assert.Equal((HttpStatusCode.Forbidden, "destination-not-allowed"), await ImportAsync(transfer, raw));
        await AllowAsync(transfer);
        Assert.Empty(await world.AttemptsAsync(transfer.Id));

        for (var time = 0; time < 2; time++)
            Assert.Equal((HttpStatusCode.OK, "signed"), await ImportAsync(transfer, raw));
        Assert.Equal((HttpStatusCode.Conflict, "nothing-to-sign"), await CodeAsync(transfer, HttpMethod.Get, "unsigned"));
        await world.FinishAsync(sender);
        Assert.Equal((TransferState.Final, raw), ((await world.TransferAsync(transfer.Id)).State, Assert.Single(await world.AttemptsAsync(transfer.Id)).Raw));
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 1000 });
    }

    [SkippableFact]
    public async Task A_cold_transfer_is_replaced_and_cancelled_by_transactions_with_its_nonce()
    {
        await using var world = await EthereumWorld.StartAsync(await EthereumWorld.StartChainAsync(), _database, _scratch.Path, isCold: true);
        var sender = world.NewSender(null);
        var (bumped, cancelled) = (await world.AddAsync(1, 1000), await world.AddAsync(2, 2000));
        await sender.WorkAsync(world.Wallet, default);
        var payment = Sign((await ExportAsync(cancelled)).GetProperty("transaction"));
        Assert.Equal("signed", (await ImportAsync(bumped, Raw(Sign((await ExportAsync(bumped)).GetProperty("transaction"))))).Code);
        Assert.Equal((HttpStatusCode.Accepted, "signed"), await CodeAsync(bumped, HttpMethod.Post, "bump", "{}"));
        Assert.Equal((HttpStatusCode.Accepted, "approved"), await CodeAsync(cancelled, HttpMethod.Post, "cancel", "{}"));
        for (var round = 0; round < 3; round++)
            await sender.WorkAsync(world.Wallet, default);

        Assert.Equal((HttpStatusCode.Conflict, "cancel-requested"), await ImportAsync(cancelled, Raw(payment)));
        foreach (var transfer in new[] { bumped, cancelled })
        {
            var export = await ExportAsync(transfer);
            Assert.Equal((2, transfer == bumped ? Attempt.Payment : Attempt.Cancellation), (export.GetProperty("number").GetInt32(), export.GetProperty("purpose").GetString()));
            Assert.Equal(HttpStatusCode.OK, (await ImportAsync(transfer, Raw(Sign(export.GetProperty("transaction"))))).Status);
        }

        await world.FinishAsync(sender);
        Assert.Equal((TransferState.Final, TransferState.Replaced), ((await world.TransferAsync(bumped.Id)).State, (await world.TransferAsync(cancelled.Id)).State));
        Assert.Equal(2, await world.SentAsync());
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 1000, [2] = 0 });
    }

    [SkippableFact]
    public async Task On_Bitcoin_a_PSBT_goes_out_and_comes_back_with_signatures_and_nothing_else()
    {
        await using var world = await BitcoinWorld.StartAsync(bitcoin, _database, _scratch.Path, isCold: true);
        var sender = world.NewSender(null);
        await world.FundAsync(2, 1_000_000);
        await bitcoin.MineAsync(5);
        await sender.WorkAsync(world.Wallet, default);
        var (whole, final) = (await world.AddAsync(1, 400_000), await world.AddAsync(2, 500_000));
        await sender.WorkAsync(world.Wallet, default);

        var exported = PSBT.Parse((await ExportAsync(whole)).GetProperty("psbt").GetString()!, Network.RegTest);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "not-signed"), await ImportAsync(whole, exported.ToBase64()));
        var stolen = exported.GetGlobalTransaction();
        stolen.Outputs[0].ScriptPubKey = BitcoinAddress.Create(BitcoinWorld.Destination(world.Seed, 9), Network.RegTest).ScriptPubKey;
        var other = PSBT.FromTransaction(stolen, Network.RegTest);
        foreach (var (from, to) in exported.Inputs.Zip(other.Inputs))
        {
            to.WitnessUtxo = from.WitnessUtxo;
            foreach (var path in from.HDKeyPaths)
                to.HDKeyPaths.Add(path.Key, path.Value);
        }

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "not-the-order"), await ImportAsync(whole, Sign(other, world).ToBase64()));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "not-the-order"), await ImportAsync(whole, Sign(other, world).Finalize().ExtractTransaction().ToHex()));
        foreach (var broken in new[] { "cHNidP8=", "cHNidP8BAA==", "no PSBT".Replace(' ', '-'), exported.ToBase64()[..40] })
            Assert.Equal((HttpStatusCode.UnprocessableEntity, "not-a-transfer"), await ImportAsync(whole, broken));
        Assert.Empty(await world.AttemptsAsync(whole.Id));

        Assert.Equal((HttpStatusCode.OK, "signed"), await ImportAsync(whole, Sign(exported, world).ToBase64()));
        var second = PSBT.Parse((await ExportAsync(final)).GetProperty("psbt").GetString()!, Network.RegTest);
        Assert.Equal((HttpStatusCode.OK, "signed"), await ImportAsync(final, Sign(second, world).Finalize().ExtractTransaction().ToHex()));
        await world.FinishAsync(sender);
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = 400_000, [2] = 500_000 });
    }

    [Fact]
    public async Task A_wallet_is_cold_or_has_a_key_at_the_signer()
    {
        var hot = await PostAsync("/v1/wallets", $$"""{"name":"a","chain":"ethereum","cold":true,"signingKey":"hot","sender":"{{EthereumWorld.Sender}}"}""");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, hot.Status);
        Assert.StartsWith("cold: ", hot.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PostAsync("/v1/wallets", """{"name":"a","chain":"ethereum","cold":true}""")).Status);
        var cold = await PostAsync("/v1/wallets", $$"""{"name":"a","chain":"ethereum","cold":true,"sender":"{{EthereumWorld.Sender}}"}""");
        Assert.Equal((HttpStatusCode.Created, true), (cold.Status, cold.Body.GetProperty("cold").GetBoolean()));
    }

    /// <summary>By hand, of what the export says: what a wallet that is not ours would do.</summary>
    private static Transaction1559 Sign(JsonElement export, (string Name, object Value)? changed = null, string key = EthereumWorld.Key)
    {
        string Field(string name) => changed?.Name == name ? $"{changed.Value.Value}" : export.GetProperty(name).ToString();
        BigInteger Number(string name) => BigInteger.Parse(Field(name), System.Globalization.CultureInfo.InvariantCulture);
        var transaction = new Transaction1559(
            Number("chainId"), Number("nonce"), BigInteger.Min(Number("maxPriorityFeePerGas"), Number("maxFeePerGas")), Number("maxFeePerGas"), Number("gas"), Field("to"), Number("value"), Field("data") is "0x" ? "" : Field("data"), null);
        var signature = new EthECKey(key).SignAndCalculateYParityV(transaction.RawHash);
        transaction.SetSignature(new Signature(signature.R, signature.S, signature.V));
        return transaction;
    }

    /// <summary>The other signature that is valid by mathematics, and that nodes refuse.</summary>
    private static string HighS(Transaction1559 transaction)
    {
        var order = BigInteger.Parse("0FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141", System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);
        var s = order - new BigInteger(transaction.Signature.S, isUnsigned: true, isBigEndian: true);
        transaction.SetSignature(new Signature(transaction.Signature.R, s.ToByteArray(isUnsigned: true, isBigEndian: true), [(byte)(transaction.Signature.V is [1] ? 0 : 1)]));
        return Raw(transaction);
    }

    private static PSBT Sign(PSBT psbt, BitcoinWorld world)
    {
        foreach (var input in psbt.Inputs)
            input.Sign(BitcoinWorld.Account(world.Seed).Derive(input.HDKeyPaths.Values.First().KeyPath).PrivateKey);
        return psbt;
    }

    private static string Raw(Transaction1559 transaction) => transaction.GetRLPEncoded().ToHex(prefix: true);

    private Task<Destination> AllowAsync(Transfer transfer) => _database.ChangeAsync(session => session.AddDestinationAsync(transfer.Wallet, transfer.Destination, null, "test", DateTimeOffset.UtcNow));

    private async Task<JsonElement> ExportAsync(Transfer transfer)
    {
        using var answer = await _http.GetAsync(new Uri($"/v1/transfers/{transfer.Id}/unsigned", UriKind.Relative));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private Task<(HttpStatusCode Status, string Code)> ImportAsync(Transfer transfer, string signed) => CodeAsync(transfer, HttpMethod.Post, "signed", JsonSerializer.Serialize(new { signed }));

    /// <returns>With the state of the transfer, or the code of the problem.</returns>
    private async Task<(HttpStatusCode Status, string Code)> CodeAsync(Transfer transfer, HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, $"/v1/transfers/{transfer.Id}/{path}");
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await _http.SendAsync(request);
        var root = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        return (answer.StatusCode, answer.IsSuccessStatusCode ? root.GetProperty("state").GetString()! : root.GetProperty("type").GetString()!.Split(':')[^1]);
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync(new Uri(path, UriKind.Relative), content);
        return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
    }
}
