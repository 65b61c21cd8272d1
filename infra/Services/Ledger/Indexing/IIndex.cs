using System.Collections.Immutable;

namespace HaCluster.Ledger.Indexing;

/// <summary>
/// What makes records of an archive searchable. It can be lost and built again: the archive is the book of record. It keeps by itself up to which record it has
/// each stream, so that nobody else has to remember, and what is added again changes nothing.
/// </summary>
internal interface IIndex : IAsyncDisposable
{
    /// <summary>As a person writes it.</summary>
    string Address { get; }

    /// <returns>Sequence of the last record that the index has, with all before it; 0 before the first.</returns>
    /// <exception cref="IndexUnavailableException">The index does not answer.</exception>
    Task<long> PositionAsync(string stream, CancellationToken cancellationToken);

    /// <summary>Adds records that follow each other, and moves the position behind them. Those that it has are left as they are.</summary>
    /// <returns>Where the position is now: further, when another instance has added more.</returns>
    /// <exception cref="IndexUnavailableException">Some may be there and some not; adding all again is right.</exception>
    Task<Added> AddAsync(string stream, IReadOnlyList<IndexRecord> records, CancellationToken cancellationToken);

    /// <exception cref="IndexUnavailableException">The index does not answer, or not with all that it has.</exception>
    Task<RecordPage> SearchAsync(RecordQuery query, CancellationToken cancellationToken);

    /// <exception cref="IndexUnavailableException">The index does not answer.</exception>
    Task<DeadLetterPage> DeadLettersAsync(string stream, long after, int limit, CancellationToken cancellationToken);

    /// <summary>Tries records again that the index had refused, and takes those that it accepts now off the list.</summary>
    /// <returns>How many it still refuses.</returns>
    /// <exception cref="IndexUnavailableException">Some may be there and some not; trying all again is right.</exception>
    Task<int> ReplayAsync(string stream, IReadOnlyList<IndexRecord> records, CancellationToken cancellationToken);

    /// <summary>Begins the index of a stream anew, beside the one that answers searches meanwhile.</summary>
    /// <exception cref="IndexUnavailableException">The index does not answer.</exception>
    Task<IIndexBuild> RebuildAsync(string stream, CancellationToken cancellationToken);
}

/// <summary>The index of a stream that is built beside the present one. Disposed of before it is finished, it leaves the present one as it is.</summary>
internal interface IIndexBuild : IAsyncDisposable
{
    /// <summary>Adds records that follow each other.</summary>
    /// <exception cref="IndexUnavailableException">Some may be there and some not; adding all again is right.</exception>
    Task<Added> AddAsync(IReadOnlyList<IndexRecord> records, CancellationToken cancellationToken);

    /// <summary>Takes the place of the present one, unless that has come further meanwhile.</summary>
    /// <returns>The position of the present one; when it is larger than that of this, add what is missing and finish again.</returns>
    /// <exception cref="IndexUnavailableException">The index does not answer.</exception>
    Task<long> FinishAsync(CancellationToken cancellationToken);
}

/// <param name="Position">Of the stream now.</param>
/// <param name="Refused">How many records are dead letters now.</param>
internal readonly record struct Added(long Position, int Refused);

/// <summary>A record that the index refuses. It is in the archive all the same.</summary>
internal sealed record DeadLetter(long Sequence, string Id, string Reason, string At);

/// <param name="Total">Of the stream, on all pages.</param>
internal sealed record DeadLetterPage(ImmutableArray<DeadLetter> Letters, long Total)
{
    public static DeadLetterPage Empty { get; } = new([], 0);
}

/// <summary>The index does not answer, or refuses everything.</summary>
internal sealed class IndexUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
