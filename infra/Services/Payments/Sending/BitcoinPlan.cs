using System.Numerics;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Sending;

/// <summary>Which coins a payment spends, what it costs and what comes back: arithmetic, without any reading or writing.</summary>
/// <param name="Change">0: none comes back.</param>
internal sealed record BitcoinPlan(IReadOnlyList<Coin> Coins, BigInteger Fee, BigInteger Change)
{
    /// <summary>Satoshi below which nodes do not pass an output on, of the kind that needs most (https://github.com/bitcoin/bitcoin/blob/master/src/policy/policy.cpp, GetDustThreshold).</summary>
    private const int Dust = 546;

    /// <summary>Version, counts, lock time and the marker of witnesses, in virtual bytes.</summary>
    private const int Overhead = 11;

    /// <summary>Value and length of an output.</summary>
    private const int OutputOverhead = 9;

    /// <summary>The fewest of the coins, in their order, that cover the amount and the fee.</summary>
    /// <param name="rate">Satoshi per 1000 virtual bytes.</param>
    /// <returns>Null: they do not, or not for so small a fee.</returns>
    public static BitcoinPlan? Select(IReadOnlyList<Coin> coins, BigInteger amount, BigInteger rate, BigInteger maxFee, string script, int destinationBytes, int changeBytes)
    {
        for (var count = 1; count <= coins.Count; count++)
        {
            if (Of([.. coins.Take(count)], amount, rate, maxFee, script, destinationBytes, changeBytes) is { } plan)
                return plan;
        }

        return null;
    }

    /// <summary>With exactly these coins.</summary>
    /// <inheritdoc cref="Select"/>
    public static BitcoinPlan? Of(IReadOnlyList<Coin> coins, BigInteger amount, BigInteger rate, BigInteger maxFee, string script, int destinationBytes, int changeBytes)
    {
        var rest = coins.Aggregate(BigInteger.Zero, (sum, coin) => sum + coin.Amount) - amount;
        var alone = Bytes(coins.Count, script, destinationBytes);
        var withChange = FeeOf(coins.Count, rate, script, destinationBytes, changeBytes);
        if (rest - withChange >= Dust)
            return withChange <= maxFee ? new BitcoinPlan(coins, withChange, rest - withChange) : null;
        // What would be dust is left to the miner.
        return rest >= FeeOf(alone, rate) && rest <= maxFee ? new BitcoinPlan(coins, rest, 0) : null;
    }

    /// <summary>Of a payment with so many coins, and change.</summary>
    /// <inheritdoc cref="Select"/>
    public static BigInteger FeeOf(int coins, BigInteger rate, string script, int destinationBytes, int changeBytes) =>
        FeeOf(Bytes(coins, script, destinationBytes) + OutputOverhead + changeBytes, rate);

    private static int Bytes(int coins, string script, int destinationBytes) => Overhead + (coins * InputBytes(script)) + OutputOverhead + destinationBytes;

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
