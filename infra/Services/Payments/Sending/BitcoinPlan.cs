using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Sending;

/// <summary>Which coins a payment spends, what it costs and what comes back: arithmetic, without any reading or writing.</summary>
/// <param name="Change">0: none comes back.</param>
internal sealed record BitcoinPlan(IReadOnlyList<Coin> Coins, BigInteger Fee, BigInteger Change)
{
    /// <summary>Virtual bytes above which nodes do not pass a transaction on (MAX_STANDARD_TX_WEIGHT there, in quarters), with room for the counts that grow.</summary>
    private const int LargestTransaction = 99_000;

    /// <summary>Version, counts, lock time and the marker of witnesses, in virtual bytes.</summary>
    private const int Overhead = 11;

    /// <summary>Value and length of an output.</summary>
    private const int OutputOverhead = 9;

    /// <summary>Satoshi per 1000 virtual bytes that a replacement pays beyond what the replaced transaction paid (BIP-125, rule 4, at the rate that nodes pass on by default).</summary>
    public const int RelayRate = 1000;

    /// <summary>The fewest of the coins, in their order, that cover the amount and the fee.</summary>
    /// <param name="rate">Satoshi per 1000 virtual bytes.</param>
    /// <returns>Null: they do not, or not for so small a fee.</returns>
    public static BitcoinPlan? Select(IReadOnlyList<Coin> coins, BigInteger amount, BigInteger rate, BigInteger maxFee, string script, int destinationBytes, int changeBytes)
    {
        var sum = BigInteger.Zero;
        for (var count = 1; count <= coins.Count && Bytes(count, script, destinationBytes) + OutputOverhead + changeBytes <= LargestTransaction; count++)
        {
            sum += coins[count - 1].Amount;
            if (sum > amount && Of([.. coins.Take(count)], amount, rate, maxFee, script, destinationBytes, changeBytes) is { } plan)
                return plan;
        }

        return null;
    }

    /// <summary>With exactly these coins.</summary>
    /// <param name="replacedFee">What the transaction pays that this one replaces; null: it is the first.</param>
    /// <inheritdoc cref="Select"/>
    public static BitcoinPlan? Of(
        IReadOnlyList<Coin> coins, BigInteger amount, BigInteger rate, BigInteger maxFee, string script, int destinationBytes, int changeBytes, BigInteger? replacedFee = null)
    {
        var rest = SumOf(coins) - amount;
        var alone = Bytes(coins.Count, script, destinationBytes);
        var withChange = FeeOf(alone + OutputOverhead + changeBytes, rate, replacedFee);
        if (rest - withChange >= Dust.Satoshi)
            return withChange <= maxFee ? new BitcoinPlan(coins, withChange, rest - withChange) : null;
        // What would be dust is left to the miner.
        return rest >= FeeOf(alone, rate, replacedFee) && rest <= maxFee ? new BitcoinPlan(coins, rest, 0) : null;
    }

    /// <summary>What several outputs take, as one would: in place of the bytes of a destination.</summary>
    public static int Together(IReadOnlyCollection<int> destinationBytes) => destinationBytes.Sum() + ((destinationBytes.Count - 1) * OutputOverhead);

    /// <summary>Of a payment with so many coins, and change.</summary>
    /// <inheritdoc cref="Select"/>
    public static BigInteger FeeOf(int coins, BigInteger rate, string script, int destinationBytes, int changeBytes) =>
        FeeOf(Bytes(coins, script, destinationBytes) + OutputOverhead + changeBytes, rate);

    private static int Bytes(int coins, string script, int destinationBytes) => Overhead + (coins * InputBytes(script)) + OutputOverhead + destinationBytes;

    /// <summary>Everything back to the wallet.</summary>
    /// <inheritdoc cref="Of"/>
    public static BitcoinPlan? Cancel(IReadOnlyList<Coin> coins, BigInteger rate, BigInteger maxFee, string script, int changeBytes, BigInteger? replacedFee)
    {
        var fee = FeeOf(Bytes(coins.Count, script, changeBytes), rate, replacedFee);
        var rest = SumOf(coins) - fee;
        return rest >= Dust.Satoshi && fee <= maxFee ? new BitcoinPlan(coins, fee, rest) : null;
    }

    /// <summary>A child: all of its parent's change back to the wallet, with a fee that brings both together to the rate, and the child alone, too.</summary>
    /// <param name="change">Of the parent.</param>
    /// <param name="maxFee">Of both together.</param>
    /// <param name="parentBytes">Virtual bytes of the parent; 0: it is in a block already.</param>
    /// <inheritdoc cref="Of"/>
    public static BitcoinPlan? Child(Coin change, BigInteger rate, BigInteger maxFee, string script, int changeBytes, int parentBytes, BigInteger parentFee, BigInteger? replacedFee)
    {
        var fee = ChildFeeOf(rate, script, changeBytes, parentBytes, parentFee, replacedFee);
        return change.Amount - fee >= Dust.Satoshi && parentFee + fee <= maxFee ? new BitcoinPlan([change], fee, change.Amount - fee) : null;
    }

    /// <inheritdoc cref="Child"/>
    public static BigInteger ChildFeeOf(BigInteger rate, string script, int changeBytes, int parentBytes, BigInteger parentFee, BigInteger? replacedFee)
    {
        var bytes = Bytes(1, script, changeBytes);
        var alone = FeeOf(bytes, BigInteger.Max(rate, RelayRate), replacedFee);
        return parentBytes == 0 ? alone : BigInteger.Max(alone, FeeOf(bytes + parentBytes, rate) - parentFee);
    }

    private static BigInteger SumOf(IReadOnlyList<Coin> coins) => coins.Aggregate(BigInteger.Zero, (sum, coin) => sum + coin.Amount);

    private static BigInteger FeeOf(int bytes, BigInteger rate, BigInteger? replacedFee) => BigInteger.Max(FeeOf(bytes, rate), replacedFee is { } replaced ? replaced + FeeOf(bytes, RelayRate) : 0);

    private static BigInteger FeeOf(int bytes, BigInteger rate) => ((rate * bytes) + 999) / 1000;

    /// <summary>Virtual bytes of an input with its signature, rounded up.</summary>
    private static int InputBytes(string script) => script switch
    {
        ScriptKind.Bip44 => 149,
        ScriptKind.Bip49 => 92,
        ScriptKind.Bip84 => 69,
        _ => 58,
    };
}
