namespace HaCluster.Ledger.Archives;

/// <summary>Objects that are written once, by name. Names are those of <see cref="ArchiveNames"/>.</summary>
internal interface IArchive : IDisposable
{
    /// <summary>As a person writes it.</summary>
    string Address { get; }

    /// <summary>Stores an object; it is durable when this returns.</summary>
    /// <returns>False: an object of that name exists, and was left as it is.</returns>
    /// <exception cref="ArchiveUnavailableException">It may have been stored or not.</exception>
    Task<bool> TryPutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <returns>Null when there is no such object.</returns>
    /// <exception cref="ArchiveUnavailableException">The archive does not answer.</exception>
    Task<byte[]?> ReadAsync(string name, CancellationToken cancellationToken);

    /// <summary>Names of the objects of a folder, in order, that come after another.</summary>
    /// <param name="folder">With a slash at its end.</param>
    /// <exception cref="ArchiveUnavailableException">The archive does not answer.</exception>
    IAsyncEnumerable<string> ListAsync(string folder, string after, CancellationToken cancellationToken);

    /// <summary>Which segments of a stream are not there.</summary>
    /// <param name="firsts">Their first records, in order.</param>
    /// <exception cref="ArchiveUnavailableException">The archive does not answer.</exception>
    async Task<IReadOnlyList<long>> MissingAsync(string stream, IReadOnlyList<long> firsts, CancellationToken cancellationToken)
    {
        // A listing asks for a thousand objects at once.
        var missing = new HashSet<long>(firsts);
        if (firsts.Count == 0)
            return [];
        await foreach (var name in ListAsync(ArchiveNames.Segments(stream), ArchiveNames.Segment(stream, firsts[0] - 1), cancellationToken))
        {
            if (ArchiveNames.NumberOf(name) is not { } first)
                continue;
            missing.Remove(first);
            if (first >= firsts[^1])
                break;
        }

        return [.. missing.Order()];
    }

    /// <summary>Names of the streams that have a segment or a checkpoint, in order; also such as cannot be the name of one.</summary>
    /// <exception cref="ArchiveUnavailableException">The archive does not answer.</exception>
    async Task<IReadOnlyList<string>> StreamsAsync(CancellationToken cancellationToken)
    {
        // A stream that lost all its segments has its checkpoints still.
        var names = new SortedSet<string>(await FoldersAsync(ArchiveNames.AllSegments, cancellationToken), StringComparer.Ordinal);
        names.UnionWith(await FoldersAsync(ArchiveNames.AllCheckpoints, cancellationToken));
        return [.. names];
    }

    /// <summary>Names of the folders in a folder, in order, without slashes.</summary>
    /// <exception cref="ArchiveUnavailableException">The archive does not answer.</exception>
    Task<IReadOnlyList<string>> FoldersAsync(string folder, CancellationToken cancellationToken);
}

/// <summary>The archive does not answer, or refuses.</summary>
internal sealed class ArchiveUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
