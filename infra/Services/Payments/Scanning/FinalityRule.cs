using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using HaCluster.Payments.Amounts;

namespace HaCluster.Payments.Scanning;

/// <summary>How many blocks make a deposit or a transfer irreversible, by its amount: <c>1:100000,3:10000000,6</c> is one block up to 100000, three up to 10000000, six above.</summary>
/// <param name="Steps">By amount, the smallest first; the last has none and holds for all that is larger.</param>
internal sealed record FinalityRule(ImmutableArray<(long Blocks, BigInteger? UpTo)> Steps)
{
    /// <summary>In place of a number of blocks: until the chain itself calls the block finalized, which only Ethereum does.</summary>
    public const long Finalized = 0;

    private const string FinalizedWord = "finalized";
    private const int MostBlocks = 1000;

    public static FinalityRule Of(long blocks) => new([(blocks, null)]);

    public long Needed(BigInteger amount) => Steps.First(step => step.UpTo is null || amount <= step.UpTo).Blocks;

    /// <exception cref="FormatException">It is not such a rule; the message says what to write.</exception>
    public static FinalityRule Parse(string text, bool hasFinalized)
    {
        var steps = text.Split(',').Select(step => ReadStep(step, hasFinalized)).ToImmutableArray();
        if (steps[^1].UpTo is not null)
            throw new FormatException($"'{text}' ends with an amount; end with the number of blocks for all that is larger, as in 1:100000,3:10000000,6");
        if (steps.SkipLast(1).Any(step => step.UpTo is null) || steps.SkipLast(1).Zip(steps.SkipLast(1).Skip(1)).Any(pair => pair.First.UpTo >= pair.Second.UpTo))
            throw new FormatException($"'{text}' does not have its amounts in ascending order, as in 1:100000,3:10000000,6");
        return new FinalityRule(steps);
    }

    private static (long Blocks, BigInteger? UpTo) ReadStep(string text, bool hasFinalized)
    {
        var parts = text.Split(':');
        if (parts.Length > 2)
            throw new FormatException($"'{text}' is not BLOCKS or BLOCKS:AMOUNT");
        BigInteger? upTo = parts.Length == 1 ? null
            : Amount.TryParse(parts[1], out var amount) ? amount
            : throw new FormatException($"'{parts[1]}' is not an amount; write {Amount.Rule}");
        if (parts[0] == FinalizedWord && hasFinalized)
            return (Finalized, upTo);
        return long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var blocks) && blocks is >= 1 and <= MostBlocks
            ? (blocks, upTo)
            : throw new FormatException($"'{parts[0]}' is not a number of blocks; write 1 to {MostBlocks}{(hasFinalized ? $", or {FinalizedWord}" : "")}");
    }
}
