using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using HaCluster.Services;
using NBitcoin;
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
        PrivateFolder.Create(folder);
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
        CheckSweep(order, key!.Address);
        // A sweep moves nothing out, so it is no part of a daily limit: it is an asset of its own in the journal.
        var isSweep = order.SweptSalts() is not null;
        var agreed = isSweep ? $"sweep of {asset} from {Swept(order)}" : asset.ToString();
        var agreement = new Agreement(order.Key, order.Transfer, [new AgreedTransfer(order.Transfer, agreed, destination, amount, order.Purpose != Attempt.Cancellation)], [$"nonce {order.Nonce}"]);
        var transaction = await _journal.AgreeAsync(
            agreement, _clock.GetUtcNow(), Day,
            (_, spent) => Judge(
                settings, order.Purpose, new Question(asset, amount, order.MostFee(), destination, settings.Destinations.Contains(destination), isSweep ? 0 : spent, IsStopped()), null),
            () => EthereumTransactions.Build(order, key.Address));
        transaction.SetSignature(await key.SignAsync(transaction.RawHash, cancellationToken));
        return EthereumTransactions.Check(order, key.Address, transaction.GetRLPEncoded().ToHex(prefix: true));
    }

    public async Task<SignedBytes> SignAsync(BitcoinOrder order, CancellationToken cancellationToken)
    {
        var (settings, _, account) = Find(order.Key, Asset.Bitcoin);
        if (order.Payments is not { Count: >= 1 and <= BatchingRule.Largest } || order.Payments.DistinctBy(payment => payment.Transfer, StringComparer.Ordinal).Count() != order.Payments.Count
            || order.Payments.All(payment => payment.Transfer != order.Owner))
            throw new SigningRefusedException("not-a-transfer", $"payments are not 1 to {BatchingRule.Largest} transfers, the owner among them");
        var payments = order.Payments.ToDictionary(payment => payment.Transfer, Read, StringComparer.Ordinal);
        var transaction = account!.Read(order.Psbt, payments.Values.Where(payment => payment.Purpose == Attempt.Payment).Select(payment => (payment.Destination, payment.Amount)));
        if (payments.Values.Aggregate(BigInteger.Zero, (sum, payment) => sum + payment.Fee) != transaction.Fee)
            throw new SigningRefusedException("not-the-order", $"the shares of the fee do not sum to the {transaction.Fee} that the transaction pays");
        var agreement = new Agreement(
            order.Key, order.Owner, [.. order.Payments.Select(payment => new AgreedTransfer(payment.Transfer, Asset.Bitcoin, payment.Destination, payments[payment.Transfer].Amount, payment.Purpose == Attempt.Payment))], transaction.Inputs);
        return await _journal.AgreeAsync(
            agreement, _clock.GetUtcNow(), Day,
            (transfer, spent) =>
            {
                var (purpose, destination, amount, fee) = payments[transfer.Id];
                Judge(settings, purpose, new Question(new Asset(Asset.Bitcoin), amount, fee, destination, settings.Destinations.Contains(destination), spent, IsStopped()), payments.Count > 1 ? transfer.Id : null);
            },
            () => account.Sign(transaction),
            signed => transaction.Change is { } change && payments.Values.Any(payment => payment.Purpose == Attempt.Payment)
                ? new SignedChange(BitcoinPayment.Name(new OutPoint(uint256.Parse(signed.Txid), change)), payments.ToDictionary(payment => payment.Key, payment => payment.Value.Fee, StringComparer.Ordinal))
                : null);
    }

    public async Task<SignedBytes> SignAsync(BitcoinChildOrder order, CancellationToken cancellationToken)
    {
        var (settings, _, account) = Find(order.Key, Asset.Bitcoin);
        if (order.Shares is not { Count: >= 1 and <= BatchingRule.Largest } || order.Shares.DistinctBy(share => share.Transfer, StringComparer.Ordinal).Count() != order.Shares.Count)
            throw new SigningRefusedException("not-a-transfer", $"shares are not those of 1 to {BatchingRule.Largest} transfers");
        var shares = order.Shares.ToDictionary(
            share => share.Transfer, share => Amount.TryParse(share.Fee, out var fee) ? fee : throw new SigningRefusedException("not-a-transfer", "fee is not an amount"), StringComparer.Ordinal);
        var transaction = account!.ReadChild(order.Psbt);
        if (shares.Values.Aggregate(BigInteger.Zero, (sum, share) => sum + share) != transaction.Fee)
            throw new SigningRefusedException("not-the-order", $"the shares of the fee do not sum to the {transaction.Fee} that the transaction pays");
        return await _journal.AgreeAsync(
            new ChildAgreement(order.Key, order.Owner, transaction.Inputs[0], shares),
            // Nothing leaves but the fee, which is one with that of the parent.
            fee => Judge(settings, Attempt.Child, new Question(new Asset(Asset.Bitcoin), 0, fee, "", false, 0, IsStopped()), null),
            () => account.Sign(transaction));
    }

    public Task ForswearAsync(ForswornOrder order, CancellationToken cancellationToken)
    {
        Find(order.Key, Asset.Bitcoin);
        return order.Transfers is { Count: >= 1 and <= BatchingRule.Largest } && order.Transfers.Contains(order.Owner) && order.Transfers.All(transfer => transfer is { Length: > 0 and <= 100 })
            ? _journal.ForswearAsync(order.Key, order.Owner, order.Transfers) : throw new SigningRefusedException("not-a-transfer", $"transfers are not 1 to {BatchingRule.Largest}, the owner among them");
    }

    public void Dispose()
    {
        foreach (var key in _keys.Values)
            key.Ethereum?.Dispose();
        // The end of a pool of connections waits for nothing.
        _journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    /// <summary>
    /// A sweep, or the cancellation of one, names forwarders and the key's own address; nothing else names any. Which forwarders is the service's word: whatever a salt is, it makes an address that pays this key alone.
    /// </summary>
    private static void CheckSweep(EthereumOrder order, string own)
    {
        var salts = order.SweptSalts();
        if (salts is null ? order.Purpose == Attempt.Sweep
            : order.Purpose == Attempt.Payment || order.Destination != own || salts.Count is 0 or > ForwarderContract.MostForwarders || order is { Forwarders: not null, Salts: not null }
                || order.Forwarders?.Any(position => position < 0) is true || !salts.All(ForwarderSalt.IsValid) || salts.Zip(salts.Skip(1)).Any(pair => string.CompareOrdinal(pair.First, pair.Second) >= 0))
        {
            throw new SigningRefusedException("not-a-sweep", $"a sweep sends the balances of 1 to {ForwarderContract.MostForwarders} forwarders, each named once and in ascending order, to the key's own address, {own}");
        }
    }

    /// <summary>Which forwarders, for the journal: the digest of long names.</summary>
    private static string Swept(EthereumOrder order) => order.Salts is { } salts
        ? $"salts with the SHA-256 {Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join(' ', salts))))}" : string.Join(' ', order.Forwarders!);

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

    private (string Purpose, string Destination, BigInteger Amount, BigInteger Fee) Read(OrderedPayment payment)
    {
        if (payment.Purpose is not (Attempt.Payment or Attempt.Cancellation) || payment.Transfer.Length is 0 or > 100)
            throw new SigningRefusedException("not-a-transfer", "purpose or transfer is not that of a transfer");
        if (!Amount.TryParse(payment.Amount, out var amount) || !_networks.TryParseAddress(Asset.Bitcoin, payment.Destination, out var destination, out _) || destination != payment.Destination)
            throw new SigningRefusedException("not-a-transfer", "amount or destination is not that of a transfer");
        var fee = BigInteger.Zero;
        return payment.Fee is null || Amount.TryParse(payment.Fee, out fee) ? (payment.Purpose, destination, amount, fee) : throw new SigningRefusedException("not-a-transfer", "fee is not an amount");
    }

    /// <param name="transfer">Named in the refusal.</param>
    private static void Judge(SignerKey settings, string purpose, Question question, string? transfer)
    {
        // A cancellation moves nothing, and has to be possible above all when the policy no longer allows the payment; a sweep and a child move nothing out.
        var asked = purpose is Attempt.Cancellation or Attempt.Sweep or Attempt.Child ? question with { Amount = 0, IsListed = true } : question;
        if (PolicyRules.Judge(settings.Policy, asked) is Verdict.Refused refused)
            throw new SigningRefusedException(refused.Code, refused.Detail, transfer);
    }

    private (SignerKey Settings, IEthereumKey? Ethereum, BitcoinAccount? Bitcoin) Find(string name, string chain) => _keys.TryGetValue(name, out var key) && key.Settings.Chain == chain
        ? key
        : throw new SigningRefusedException("no-such-key", $"the signer has no key {name} of {chain}");

    private bool IsStopped() => File.Exists(_stop);
}
