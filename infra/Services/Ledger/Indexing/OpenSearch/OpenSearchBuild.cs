namespace HaCluster.Ledger.Indexing.OpenSearch;

/// <summary>
/// Writes all documents of a stream again, in their places, so that searches are answered meanwhile; then it takes away those that no record of the archive has. Stopped in
/// between, it leaves an index that has what it had.
/// </summary>
internal sealed class OpenSearchBuild(OpenSearchIndex index, string stream, long generation) : IIndexBuild
{
    private const int Page = 1000;

    private readonly HashSet<string> _indexes = new(StringComparer.Ordinal);
    private long _position;

    public async Task<Added> AddAsync(IReadOnlyList<IndexRecord> records, CancellationToken cancellationToken)
    {
        var refused = await index.WriteAsync(stream, records, BulkAction.Index, generation, cancellationToken);
        _indexes.UnionWith(records.Select(record => OpenSearchNames.IndexOf(stream, record)));
        _position = Math.Max(_position, records[^1].Sequence);
        return new Added(_position, refused);
    }

    public async Task<long> FinishAsync(CancellationToken cancellationToken)
    {
        var present = await index.ReadPositionAsync(stream, cancellationToken);
        if (present.Position > _position)
            return present.Position;
        foreach (var name in _indexes)
            await index.RefreshAsync(name, cancellationToken);
        while (await index.FindOlderAsync(stream, _position, generation, Page, cancellationToken) is { Count: > 0 } older)
        {
            // Only if nobody has written it since: it would be a record of this build.
            await index.SendAsync(
                [
                    .. older.Select(hit => new BulkItem(
                        BulkAction.Delete, hit.GetProperty("_index").GetString()!, hit.GetProperty("_id").GetString()!, 0, default,
                        (hit.GetProperty("_seq_no").GetInt64(), hit.GetProperty("_primary_term").GetInt64()))),
                ],
                cancellationToken);
            foreach (var name in older.Select(hit => hit.GetProperty("_index").GetString()!).Distinct(StringComparer.Ordinal))
                await index.RefreshAsync(name, cancellationToken);
        }

        return await index.MoveAsync(stream, present, _position, cancellationToken);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
