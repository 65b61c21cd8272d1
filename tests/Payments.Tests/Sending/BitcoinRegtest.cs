using HaCluster.Sentinel.Tests.Peers;
using NBitcoin;
using NBitcoin.DataEncoders;

namespace HaCluster.Payments.Tests.Sending;

/// <summary>A bcoin on regtest whose first blocks pay a key of the tests; one for all of them.</summary>
public sealed class BitcoinRegtest : IAsyncLifetime
{
    public const string Password = "of-the-tests";

    /// <summary>Witnesses are valid from block 432 on (three windows of 144), and what a miner is paid after 100 blocks.</summary>
    private const int FirstBlocks = 460;

    private static readonly Key Miner = new(Convert.FromHexString("2222222222222222222222222222222222222222222222222222222222222222"));

    private ChainProcess? _chain;
    private int _spent;

    /// <summary>Where bcoin's own wallet answers; 0: it has none.</summary>
    public int WalletPort { get; init; }

    internal ChainProcess Chain
    {
        get
        {
            Skip.If(_chain is null, ChainProcess.NeedsBcoin);
            return _chain;
        }
    }

    public Uri Url => new UriBuilder(Chain.Url) { UserName = "x", Password = Password }.Uri;

    /// <summary>bcoin's regtest has prefixes of its own; the scripts are the same.</summary>
    private static string MinerAddress => Encoders.Base58Check.EncodeData([0x3c, .. Miner.PubKey.Hash.ToBytes()]);

    public async Task InitializeAsync()
    {
        if (ChainProcess.Bcoin is null)
            return;
        _chain = await ChainProcess.BcoinAsync(Password, walletPort: WalletPort);
        for (var blocks = 0; blocks < FirstBlocks; blocks += 46)
            await _chain.CallAsync("generatetoaddress", 46, MinerAddress);
    }

    public Task DisposeAsync()
    {
        _chain?.Dispose();
        return Task.CompletedTask;
    }

    public Task MineAsync(int blocks = 1) => Chain.GenerateAsync(blocks);

    /// <summary>A block with a transaction that the node need not have in its pool.</summary>
    public async Task MineAsync(Transaction transaction)
    {
        var height = await Chain.HeightAsync();
        var before = Block.Parse((await Chain.CallAsync("getblock", (await Chain.CallAsync("getblockhash", height)).GetString()!, false)).GetString()!, Network.RegTest);
        var block = Network.RegTest.Consensus.ConsensusFactory.CreateBlock();
        block.Header.Version = before.Header.Version;
        block.Header.HashPrevBlock = before.GetHash();
        block.Header.BlockTime = before.Header.BlockTime.AddSeconds(1);
        block.Header.Bits = before.Header.Bits;
        var reward = Network.RegTest.CreateTransaction();
        // Its first word is the height (BIP-34).
        reward.Inputs.Add(new TxIn(new Script(Op.GetPushOp(height + 1), Op.GetPushOp([0, 0]))));
        reward.Outputs.Add(Money.Zero, Miner.PubKey.GetScriptPubKey(ScriptPubKeyType.Legacy));
        block.AddTransaction(reward);
        block.AddTransaction(transaction);
        block.UpdateMerkleRoot();
        while (!block.CheckProofOfWork())
            block.Header.Nonce++;
        var answer = await Chain.CallAsync("submitblock", Convert.ToHexStringLower(block.ToBytes()));
        Assert.True(answer.ValueKind == System.Text.Json.JsonValueKind.Null, $"{answer}");
    }

    /// <summary>Pays an amount of satoshi to each of the addresses, in one transaction that waits for its block.</summary>
    /// <returns>The transaction.</returns>
    public async Task<string> FundAsync(long amount, params string[] addresses)
    {
        var transaction = Pay(await RewardAsync(), amount, fee: 20_000 + (100 * addresses.Length), addresses);
        await Chain.CallAsync("sendrawtransaction", transaction.ToHex());
        return transaction.ToHex();
    }

    /// <summary>Until the node has it in its pool: bcoin answers before it has looked at a transaction.</summary>
    public Task InPoolAsync(Transaction transaction) => Waiting.UntilAsync(
        "the node has it", async () => (await Chain.CallAsync("getrawmempool")).EnumerateArray().Any(txid => txid.GetString() == transaction.GetHash().ToString()));

    /// <summary>The same, in its pool when this returns.</summary>
    public async Task<string> PayAsync(long amount, params string[] addresses)
    {
        var raw = await FundAsync(amount, addresses);
        await InPoolAsync(Transaction.Parse(raw, Network.RegTest));
        return raw;
    }

    /// <summary>Two transactions that spend the same coin, neither of which was sent: the second pays a larger fee.</summary>
    public async Task<(Transaction First, Transaction Second)> FundTwiceAsync(long firstAmount, string first, long secondAmount, string second)
    {
        var reward = await RewardAsync();
        return (Pay(reward, firstAmount, fee: 20_000, first), Pay(reward, secondAmount, fee: 100_000, second));
    }

    /// <summary>A coin that was paid for a block, each once.</summary>
    private async Task<Transaction> RewardAsync()
    {
        var hash = (await Chain.CallAsync("getblockhash", Interlocked.Increment(ref _spent))).GetString()!;
        return Block.Parse((await Chain.CallAsync("getblock", hash, false)).GetString()!, Network.RegTest).Transactions[0];
    }

    private static Transaction Pay(Transaction reward, long amount, long fee, params string[] addresses)
    {
        var builder = Network.RegTest.CreateTransactionBuilder();
        builder.OptInRBF = true;
        builder.AddCoins(reward.Outputs.AsCoins().First());
        builder.AddKeys(Miner);
        foreach (var address in addresses)
            builder.Send(BitcoinAddress.Create(address, Network.RegTest), Money.Satoshis(amount));
        builder.SetChange(Miner.PubKey.GetScriptPubKey(ScriptPubKeyType.Legacy));
        builder.SendFees(Money.Satoshis(fee));
        return builder.BuildTransaction(sign: true);
    }

    /// <summary>
    /// A block with this transaction alone, as of a miner that has taken a replacement: bcoin checks it by the rules of the chain, but its memory pool replaces nothing
    /// (https://github.com/bcoin-org/bcoin/blob/master/lib/mempool/mempool.js, isDoubleSpend).
    /// </summary>
    public async Task MineTransactionAsync(string raw)
    {
        var height = await Chain.HeightAsync();
        var before = Block.Parse((await Chain.CallAsync("getblock", (await Chain.CallAsync("getblockhash", height)).GetString()!, false)).GetString()!, Network.RegTest);
        var transaction = Transaction.Parse(raw, Network.RegTest);
        var block = Network.RegTest.Consensus.ConsensusFactory.CreateBlock();
        block.Header.Version = 0x20000000;
        (block.Header.HashPrevBlock, block.Header.Bits) = (before.GetHash(), before.Header.Bits);
        // After many blocks in a moment the chain is ahead of the clock; later than the one before is later than the median, too.
        var (next, now) = (before.Header.BlockTime.AddSeconds(1), DateTimeOffset.UtcNow);
        block.Header.BlockTime = next > now ? next : now;
        var reward = Network.RegTest.CreateTransaction();
        // Of BIP-34 and BIP-141: the height, and a commitment to the witnesses.
        reward.Inputs.Add(new TxIn(new OutPoint(uint256.Zero, uint.MaxValue), new Script(Op.GetPushOp(height + 1), Op.GetPushOp(RandomUtils.GetBytes(8)))) { WitScript = new WitScript(Op.GetPushOp(new byte[32])) });
        reward.Outputs.Add(Money.Zero, Miner.PubKey.GetScriptPubKey(ScriptPubKeyType.Legacy));
        var root = NBitcoin.Crypto.Hashes.DoubleSHA256RawBytes([.. new byte[32], .. transaction.GetWitHash().ToBytes()], 0, 64);
        byte[] commitment = [0xaa, 0x21, 0xa9, 0xed, .. NBitcoin.Crypto.Hashes.DoubleSHA256RawBytes([.. root, .. new byte[32]], 0, 64)];
        reward.Outputs.Add(Money.Zero, new Script(OpcodeType.OP_RETURN, Op.GetPushOp(commitment)));
        block.Transactions.Add(reward);
        block.Transactions.Add(transaction);
        block.UpdateMerkleRoot();
        while (!block.CheckProofOfWork())
            block.Header.Nonce++;
        var answer = await Chain.CallAsync("submitblock", Convert.ToHexStringLower(block.ToBytes()));
        Assert.True(answer.ValueKind == System.Text.Json.JsonValueKind.Null, $"{answer}");
    }

    /// <summary>Satoshi that outputs of the chain pay to an address, counted from the blocks since a height.</summary>
    public async Task<long> ReceivedAsync(string address, long fromHeight)
    {
        var script = BitcoinAddress.Create(address, Network.RegTest).ScriptPubKey;
        long sum = 0;
        foreach (var hash in await Chain.HashesAsync(fromHeight))
        {
            sum += Block.Parse((await Chain.CallAsync("getblock", hash, false)).GetString()!, Network.RegTest).Transactions
                .SelectMany(transaction => transaction.Outputs).Where(output => output.ScriptPubKey == script).Sum(output => output.Value.Satoshi);
        }

        return sum;
    }
}

[CollectionDefinition(Name)]
public sealed class BitcoinCollection : ICollectionFixture<BitcoinRegtest>
{
    public const string Name = "bitcoin";
}

/// <summary>Beside the others, on a node of its own: a node and what is killed wait for each other most of the time.</summary>
[CollectionDefinition(Name)]
public sealed class BitcoinKillCollection : ICollectionFixture<BitcoinRegtest>
{
    public const string Name = "bitcoin, killed";
}

/// <inheritdoc cref="BitcoinKillCollection"/>
[CollectionDefinition(Name)]
public sealed class BitcoinChildCollection : ICollectionFixture<BitcoinRegtest>
{
    public const string Name = "bitcoin, children";
}
