using System.Globalization;
using System.Numerics;
using System.Text.Json.Serialization;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Signing;

/// <summary>
/// A transfer on Ethereum that is to be signed. It has no field for data or for bytes of any other kind: the signer makes the transaction itself, so that there is no way to have something else
/// signed than a payment of the chain's coin or of a token, a sweep of forwarders to the key's own address, or the cancellation of one of these.
/// </summary>
/// <param name="Key">The signer's name for it.</param>
/// <param name="Transfer">Id: one transfer has one nonce, one destination and one amount, however often it is signed.</param>
/// <param name="Purpose">See <see cref="Transfers.Attempt.Purpose"/>.</param>
internal sealed record EthereumOrder(
    string Key, string Transfer, string Purpose, string Asset, string Destination, string Amount, long ChainId, long Nonce, long GasLimit, string MaxFeePerGas, string MaxPriorityFeePerGas)
{
    /// <summary>Of a sweep of addresses whose salts are their positions: these, in ascending order; null: the order is not such a sweep.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<long>? Forwarders { get; init; }

    /// <summary>Of any other sweep: the salts of the addresses that it calls (<see cref="ForwarderSalt"/>), in ascending order; null: the order is not such a sweep.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Salts { get; init; }

    /// <summary>The same order, as a sweep of some forwarders.</summary>
    public EthereumOrder Of(IReadOnlyList<Forwarder> forwarders) => forwarders.All(forwarder => forwarder.Salt is null)
        ? this with { Forwarders = [.. forwarders.Select(forwarder => forwarder.Position)] }
        : this with { Salts = [.. forwarders.Select(forwarder => forwarder.Word).Order(StringComparer.Ordinal)] };

    /// <returns>Of a sweep, or of the cancellation of one; null: the order is neither.</returns>
    public IReadOnlyList<string>? SweptSalts() => Salts ?? Forwarders?.Select(ForwarderSalt.At).ToArray();

    /// <summary>The most that it can cost, in wei.</summary>
    public BigInteger MostFee() => GasLimit * Amounts.Amount.Read(MaxFeePerGas);

    /// <exception cref="FormatException">A field is not what it should be.</exception>
    public Asset ReadAsset() => Amounts.Asset.TryParse(Asset, out var asset) && asset.Chain == Amounts.Asset.Ethereum ? asset : throw new FormatException("asset: write ethereum, or ethereum/0x... with the address of a token");
}

/// <summary>A transaction on Bitcoin that is to be signed: of one transfer, or of several that are paid together.</summary>
/// <param name="Key">The signer's name for it.</param>
/// <param name="Owner">Id of the transfer to which its coins belong: one of those that it pays.</param>
/// <param name="Payments">All transfers of these coins, in one order for good; those that are cancelled, too.</param>
/// <param name="Psbt">Base64: an output for each payment that is not cancelled; the others belong to the key.</param>
internal sealed record BitcoinOrder(string Key, string Owner, IReadOnlyList<OrderedPayment> Payments, string Psbt);

/// <summary>A transfer that an order of Bitcoin pays, or no longer pays.</summary>
/// <param name="Purpose">See <see cref="Transfers.Attempt.Purpose"/>.</param>
/// <param name="Fee">Its share of the fee of the transaction; all shares sum to it. Null: it pays none, since it failed before anything was signed.</param>
internal sealed record OrderedPayment(string Transfer, string Purpose, string Destination, string Amount, string? Fee);

/// <summary>A child that pays for its parent: it spends the change of a payment that the signer has signed, and pays the key's own change address alone. What is paid with the parent, and what that costs, the signer knows.</summary>
/// <param name="Key">The signer's name for it.</param>
/// <param name="Owner">That of the parent's order.</param>
/// <param name="Shares">What transfers of the parent bear of the child's fee; all shares sum to it.</param>
/// <param name="Psbt">Base64.</param>
internal sealed record BitcoinChildOrder(string Key, string Owner, IReadOnlyList<ChildShare> Shares, string Psbt)
{
    public static BitcoinChildOrder Of(string key, string owner, IReadOnlyDictionary<string, BigInteger> shares, string psbt) =>
        new(key, owner, [.. shares.Where(share => !share.Value.IsZero).Select(share => new ChildShare(share.Key, Amount.Write(share.Value)))], psbt);
}

/// <summary>What a transfer pays of the fee of a child.</summary>
internal sealed record ChildShare(string Transfer, string Fee);

/// <summary>What is never to be signed.</summary>
/// <param name="Owner">See <see cref="BitcoinOrder"/>.</param>
/// <param name="Transfers">All that would be paid together, the owner among them: nothing may have been signed for any of them.</param>
internal sealed record ForswornOrder(string Key, string Owner, IReadOnlyList<string> Transfers)
{
    /// <summary>All children of a payment.</summary>
    /// <param name="outpoint">Its change, as <c>txid:index</c>: they have no other name that they share.</param>
    public static ForswornOrder OfChildren(string key, string outpoint)
    {
        var (txid, index) = (outpoint[..outpoint.IndexOf(':', StringComparison.Ordinal)], outpoint[(outpoint.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        var owner = BitcoinPayment.Name(new NBitcoin.OutPoint(NBitcoin.uint256.Parse(txid), int.Parse(index, CultureInfo.InvariantCulture)));
        return new ForswornOrder(key, owner, [owner]);
    }
}

/// <summary>Signed bytes.</summary>
/// <param name="Raw">Hexadecimal.</param>
internal sealed record SignedBytes(string Raw, string Txid);

/// <summary>A key that the signer has.</summary>
/// <param name="Sender">Its address on Ethereum.</param>
/// <param name="ExtendedPublicKey">Of its account on Bitcoin.</param>
internal sealed record KeyDescription(string Name, string Chain, string? Sender, string? ExtendedPublicKey);

/// <summary>Signs transfers. The service knows the signer by this alone.</summary>
internal interface ISigner : IDisposable
{
    /// <exception cref="SigningRefusedException">It does not sign this.</exception>
    /// <exception cref="SignerUnavailableException">It does not answer.</exception>
    Task<SignedBytes> SignAsync(EthereumOrder order, CancellationToken cancellationToken);

    /// <inheritdoc cref="SignAsync(EthereumOrder, CancellationToken)"/>
    Task<SignedBytes> SignAsync(BitcoinOrder order, CancellationToken cancellationToken);

    /// <inheritdoc cref="SignAsync(EthereumOrder, CancellationToken)"/>
    Task<SignedBytes> SignAsync(BitcoinChildOrder order, CancellationToken cancellationToken);

    /// <summary>Makes sure that coins of Bitcoin are never spent for a transfer, so that another one may have them.</summary>
    /// <param name="order">It is never signed from now on, nor is another of the same owner.</param>
    /// <exception cref="SigningRefusedException">One was signed already: whoever has it may send it.</exception>
    /// <exception cref="SignerUnavailableException">It does not answer.</exception>
    Task ForswearAsync(ForswornOrder order, CancellationToken cancellationToken);
}
