using System.Collections.Immutable;

namespace HaCluster.Ledger.Writing;

/// <summary>The numbers that a producer gave its records in one stream: which came, and which are missing between them.</summary>
/// <param name="Last">The highest; -1 before the first.</param>
/// <param name="Gaps">In order, without overlap; the oldest is forgotten when there are too many.</param>
internal sealed record ProducerSequence(long Last, ImmutableList<Gap> Gaps)
{
    public const int MostGaps = 1000;

    public static ProducerSequence None { get; } = new(-1, []);

    /// <summary>What follows when a record of this number is stored; null when its number was used.</summary>
    public ProducerSequence? After(long sequence)
    {
        if (Last < 0 || sequence == Last + 1)
            return this with { Last = sequence };
        if (sequence > Last)
        {
            var gaps = Gaps.Add(new Gap(Last + 1, sequence - 1));
            return new ProducerSequence(sequence, gaps.Count > MostGaps ? gaps.RemoveAt(0) : gaps);
        }

        var index = Gaps.FindIndex(gap => gap.From <= sequence && sequence <= gap.To);
        return index < 0 ? null : this with { Gaps = Gaps.RemoveAt(index).InsertRange(index, Gaps[index].Without(sequence)) };
    }
}

/// <summary>Numbers that did not come.</summary>
internal sealed record Gap(long From, long To)
{
    public IEnumerable<Gap> Without(long sequence)
    {
        if (From < sequence)
            yield return this with { To = sequence - 1 };
        if (sequence < To)
            yield return this with { From = sequence + 1 };
    }
}
