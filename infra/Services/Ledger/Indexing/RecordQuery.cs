using System.Collections.Immutable;

namespace HaCluster.Ledger.Indexing;

/// <summary>Which records of a stream, in order of event time and then sequence.</summary>
internal sealed record RecordQuery(string Stream)
{
    /// <summary>Bytes of data on a page, unless it has one record.</summary>
    public const int LargestPage = 4 << 20;

    /// <summary>Microseconds since 1970, inclusive.</summary>
    public long? From { get; init; }

    /// <summary>Microseconds since 1970, exclusive.</summary>
    public long? To { get; init; }

    /// <summary>All of them have to be in the data: <see cref="Indexing.Words"/>.</summary>
    public ImmutableArray<string> Words { get; init; } = [];

    public string? Id { get; init; }

    /// <summary>Records on a page.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>The last record of the page before; null: the first page.</summary>
    public Place? After { get; init; }
}

/// <summary>Where a record is in the order of a search.</summary>
internal readonly record struct Place(long Event, long Sequence);

/// <param name="HasMore">There are records after the last one.</param>
internal sealed record RecordPage(IReadOnlyList<IndexRecord> Records, bool HasMore)
{
    public static RecordPage Empty { get; } = new([], false);
}
