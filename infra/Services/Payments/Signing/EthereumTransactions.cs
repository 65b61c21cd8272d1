using System.Numerics;
using System.Text.Json;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Model;
using Nethereum.Signer;
using Nethereum.Util;

namespace HaCluster.Payments.Signing;

/// <summary>Transactions of Ethereum (EIP-1559) for orders: the signer makes them, and the service checks with the same code that it got what it ordered.</summary>
internal static class EthereumTransactions
{
    /// <summary>transfer(address,uint256) of ERC-20 (https://eips.ethereum.org/EIPS/eip-20).</summary>
    private const string TransferSelector = "a9059cbb";

    private const int WordDigits = 64;

    /// <summary>Half of the order of secp256k1 (https://www.secg.org/sec2-v2.pdf, 2.4.1).</summary>
    private static readonly BigInteger HalfOrder = BigInteger.Parse("07FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0", System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>As it is exported for a cold key.</summary>
    public static string Write(EthereumOrder order) => JsonSerializer.Serialize(order);

    public static EthereumOrder Read(string order) => JsonSerializer.Deserialize<EthereumOrder>(order) ?? throw new FormatException("an order is missing");

    /// <param name="sender">Whose transaction it is.</param>
    public static Transaction1559 Build(EthereumOrder order, string sender)
    {
        var (receiver, value, data) = Content(order, sender);
        return new Transaction1559(order.ChainId, order.Nonce, Amount.Read(order.MaxPriorityFeePerGas), Amount.Read(order.MaxFeePerGas), order.GasLimit, receiver, value, data, null);
    }

    /// <summary>Who is called with what.</summary>
    public static (string Receiver, BigInteger Value, string Data) Content(EthereumOrder order, string sender)
    {
        if (order.Purpose == Attempt.Cancellation)
            return (sender, 0, "");
        if (order.Purpose == Attempt.Sweep)
            return (ForwarderContract.Address, 0, ForwarderContract.SweepData(sender, order.SweptSalts() ?? [], order.ReadAsset().Token));
        return Content(order.ReadAsset(), order.Destination, Amount.Read(order.Amount));
    }

    /// <summary>Who is called with what to pay somebody.</summary>
    public static (string Receiver, BigInteger Value, string Data) Content(Asset asset, string destination, BigInteger amount) => asset.Token is { } token
        ? (AddressUtil.Current.ConvertToChecksumAddress(token), 0, "0x" + TransferSelector + destination[2..].ToLowerInvariant().PadLeft(WordDigits, '0') + Word(amount))
        : (destination, amount, "");

    /// <exception cref="SigningRefusedException">These bytes are not the order, signed by the sender.</exception>
    public static SignedBytes Check(EthereumOrder order, string sender, string raw)
    {
        var expected = Build(order, sender);
        ISignedTransaction signed;
        string? signer;
        try
        {
            signed = TransactionFactory.CreateTransaction(raw);
            signer = TransactionVerificationAndRecovery.GetSenderAddress(signed);
        }
        catch (Exception exception)
        {
            throw new SigningRefusedException("not-the-order", $"the signer gave bytes that are not a transaction: {exception.GetType().Name}");
        }

        // The hash that is signed covers every field.
        if (signed is not Transaction1559 transaction || !transaction.RawHash.AsSpan().SequenceEqual(expected.RawHash))
            throw new SigningRefusedException("not-the-order", "the signer gave another transaction than was ordered");
        // Nodes take one encoding and one of the two signatures that are valid (https://eips.ethereum.org/EIPS/eip-2): with others the bytes would be kept and refused for good.
        if (!transaction.GetRLPEncoded().AsSpan().SequenceEqual(raw.HexToByteArray()) || new BigInteger(transaction.Signature.S, isUnsigned: true, isBigEndian: true) > HalfOrder)
            throw new SigningRefusedException("not-the-order", "the signer gave bytes that nodes refuse: not the canonical encoding, or a signature with a high s");
        if (!AddressUtil.Current.AreAddressesTheSame(signer, sender))
            throw new SigningRefusedException("not-the-sender", $"the signer signed as {signer}; the wallet's sender is {sender}");
        return new SignedBytes(raw, "0x" + Convert.ToHexStringLower(Sha3Keccack.Current.CalculateHash(raw.HexToByteArray())));
    }

    private static string Word(BigInteger number)
    {
        var text = number.ToString("x", System.Globalization.CultureInfo.InvariantCulture).TrimStart('0');
        return text.PadLeft(WordDigits, '0');
    }
}
