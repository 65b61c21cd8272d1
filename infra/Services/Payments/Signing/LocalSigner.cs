using HaCluster.Payments.Amounts;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Store;
using HaCluster.Payments.Sweeping;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using Nethereum.Hex.HexConvertors.Extensions;

namespace HaCluster.Payments.Signing;

/// <summary>The signer itself: it asks its own policy and its own journal, and then signs.</summary>
internal sealed class LocalSigner : ISigner
{
    /// <summary>While this file is in its folder the signer signs nothing: the kill switch of whoever does not trust the service.</summary>
    public const string StopFile = "STOP";

    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    private readonly Dictionary<string, (SignerKey Settings, IEthereumKey? Ethereum, BitcoinAccount? Bitcoin)> _keys;
    private readonly SignerJournal _journal;
    private readonly Networks _networks;
    private readonly TimeProvider _clock;
    private readonly string _stop;

    /// <param name="folder">Of the stop file, and of the journal where it has no other place.</param>
    /// <param name="journal">Where the journal is; null: in a file of the folder.</param>
    public LocalSigner(IEnumerable<(SignerKey Settings, IEthereumKey? Ethereum, BitcoinAccount? Bitcoin)> keys, string folder, Networks networks, TimeProvider clock, Database? journal = null)
    {
        _keys = keys.ToDictionary(key => key.Settings.Name, StringComparer.Ordinal);
        Directory.CreateDirectory(folder);
        _journal = new SignerJournal(journal ?? new SqliteDatabase(Path.Combine(folder, "signer.db")));
        (_networks, _clock, _stop) = (networks, clock, Path.Combine(folder, StopFile));
    }

    public IEnumerable<KeyDescription> Keys => _keys.Values.Select(key => new KeyDescription(key.Settings.Name, key.Settings.Chain, key.Ethereum?.Address, key.Bitcoin?.ExtendedPublicKey));

    public async Task<SignedBytes> SignAsync(EthereumOrder order, CancellationToken cancellationToken)
    {
        var (settings, key, _) = Find(order.Key, Asset.Ethereum);
        if (order.ChainId != _networks.EthereumChainId)
            throw new SigningRefusedException("wrong-chain", $"chainId is {order.ChainId}; this signer is for {_networks.EthereumChainId}");
        if (order.Purpose is not (Attempt.Payment or Attempt.Sweep or Attempt.Cancellation) || order.Nonce < 0 || order.GasLimit < 21_000 || order.GasLimit > (order.Purpose == Attempt.Sweep ? ForwarderContract.MostGas : 1_000_000)
            || order.Transfer.Length is 0 or > 100)
            throw new SigningRefusedException("not-a-transfer", "purpose, nonce, gasLimit or transfer is not that of a transfer");
        if (!Amount.TryParse(order.MaxFeePerGas, out var maxFee) || !Amount.TryParse(order.MaxPriorityFeePerGas, out var tip) || tip > maxFee)
            throw new SigningRefusedException("not-a-transfer", "maxFeePerGas or maxPriorityFeePerGas is not an amount, or the second is larger");
        if (!Amount.TryParse(order.Amount, out var amount) || !_networks.TryParseAddress(Asset.Ethereum, order.Destination, out var destination, out _) || destination != order.Destination)
            throw new SigningRefusedException("not-a-transfer", "amount or destination is not that of a transfer");
        var asset = ReadAsset(order);
        var isSweep = order.Forwarders is not null;
        CheckSweep(order, key!.Address);
        // A cancellation moves nothing, and has to be possible above all when the policy no longer allows the payment; a sweep moves nothing out. Its journal has an asset of its own, since it is no part of a daily limit.
        var isOwn = isSweep || order.Purpose == Attempt.Cancellation;
        await _journal.AgreeAsync(
            order.Key, order.Transfer, isSweep ? $"sweep of {asset} from {string.Join(' ', order.Forwarders!)}" : asset.ToString(), destination, amount, [$"nonce {order.Nonce}"], _clock.GetUtcNow(), Day,
            spent => Judge(settings, new Question(asset, isOwn ? 0 : amount, order.MostFee(), destination, isOwn || settings.Destinations.Contains(destination), isSweep ? 0 : spent, IsStopped())));
        var transaction = EthereumTransactions.Build(order, key.Address);
        transaction.SetSignature(await key.SignAsync(transaction.RawHash, cancellationToken));
        return EthereumTransactions.Check(order, key.Address, transaction.GetRLPEncoded().ToHex(prefix: true));
    }

    public async Task<SignedBytes> SignAsync(BitcoinOrder order, CancellationToken cancellationToken)
    {
        var (settings, _, account) = Find(order.Key, Asset.Bitcoin);
        if (order.Purpose is not (Attempt.Payment or Attempt.Cancellation) || order.Transfer.Length is 0 or > 100)
            throw new SigningRefusedException("not-a-transfer", "purpose or transfer is not that of a transfer");
        if (!Amount.TryParse(order.Amount, out var amount) || !_networks.TryParseAddress(Asset.Bitcoin, order.Destination, out var destination, out _) || destination != order.Destination)
            throw new SigningRefusedException("not-a-transfer", "amount or destination is not that of a transfer");
        var payment = account!.Read(order.Psbt, order.Purpose, destination, amount);
        var isCancellation = order.Purpose == Attempt.Cancellation;
        await _journal.AgreeAsync(
            order.Key, order.Transfer, Asset.Bitcoin, destination, amount, payment.Inputs, _clock.GetUtcNow(), Day,
            spent => Judge(settings, new Question(new Asset(Asset.Bitcoin), isCancellation ? 0 : amount, payment.Fee, destination, isCancellation || settings.Destinations.Contains(destination), spent, IsStopped())));
        return account.Sign(payment);
    }

    public void Dispose()
    {
        foreach (var key in _keys.Values)
            key.Ethereum?.Dispose();
        // The end of a pool of connections waits for nothing.
        _journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    /// <summary>A sweep, or the cancellation of one, names forwarders and the key's own address; nothing else names any.</summary>
    private static void CheckSweep(EthereumOrder order, string own)
    {
        if (order.Forwarders is null ? order.Purpose == Attempt.Sweep
            : order.Purpose == Attempt.Payment || order.Destination != own || order.Forwarders.Count is 0 or > ForwarderContract.MostForwarders
                || order.Forwarders.Any(position => position < 0) || order.Forwarders.Zip(order.Forwarders.Skip(1)).Any(pair => pair.First >= pair.Second))
        {
            throw new SigningRefusedException("not-a-sweep", $"a sweep brings what 1 to {ForwarderContract.MostForwarders} forwarders have, each named once and in ascending order, to the key's own address, {own}");
        }
    }

    private static Asset ReadAsset(EthereumOrder order)
    {
        try
        {
            return order.ReadAsset();
        }
        catch (FormatException exception)
        {
            throw new SigningRefusedException("not-a-transfer", exception.Message);
        }
    }

    private static void Judge(SignerKey settings, Question question)
    {
        if (PolicyRules.Judge(settings.Policy, question) is Verdict.Refused refused)
            throw new SigningRefusedException(refused.Code, refused.Detail);
    }

    private (SignerKey Settings, IEthereumKey? Ethereum, BitcoinAccount? Bitcoin) Find(string name, string chain) => _keys.TryGetValue(name, out var key) && key.Settings.Chain == chain
        ? key
        : throw new SigningRefusedException("no-such-key", $"the signer has no key {name} of {chain}");

    private bool IsStopped() => File.Exists(_stop);
}
