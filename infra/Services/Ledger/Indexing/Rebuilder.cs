using System.Globalization;
using HaCluster.Ledger.Archives;

namespace HaCluster.Ledger.Indexing;

/// <summary>Builds the index of streams anew from their archive, beside the one in use, and says how far it is.</summary>
internal sealed class Rebuilder(IArchive archive, IIndex index, TextWriter output, TimeProvider clock)
{
    /// <summary>Records that are added together.</summary>
    private const int Batch = 10_000;

    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(2);

    private static readonly int Ahead = 2 * Environment.ProcessorCount;

    /// <exception cref="ArchiveUnavailableException">The archive does not answer; the index in use is as it was.</exception>
    /// <exception cref="IndexUnavailableException">The index does not answer; the one in use is as it was.</exception>
    /// <exception cref="FormatException">The archive is not what the ledger wrote; the index in use is as it was.</exception>
    public async Task RebuildAsync(string stream, CancellationToken cancellationToken)
    {
        var feed = new ArchiveFeed(archive, stream, Ahead);
        await using var build = await index.RebuildAsync(stream, cancellationToken);
        var progress = new Progress(stream, await GuardAsync(() => feed.EndAsync(cancellationToken)), output, clock);
        var position = 0L;
        while (true)
        {
            var before = position;
            position = await GuardAsync(() => AddAsync(build, feed, position, progress, cancellationToken));
            var present = await build.FinishAsync(cancellationToken);
            if (present <= position)
                break;
            // What the service added meanwhile is in the archive too.
            if (position == before)
                throw new FormatException($"the index of {stream} has {present} records and the archive {position}: records are missing in the archive, and the index was left as it is; run `ledger verify` for details");
        }

        progress.End(position);
    }

    private static async Task<long> AddAsync(IIndexBuild build, ArchiveFeed feed, long position, Progress progress, CancellationToken cancellationToken)
    {
        var batch = new List<IndexRecord>();
        await foreach (var segment in feed.ReadAfterAsync(position, cancellationToken))
        {
            batch.AddRange(segment.Records);
            position = segment.Last;
            if (batch.Count >= Batch)
                await AddAsync();
        }

        await AddAsync();
        return position;

        async Task AddAsync()
        {
            if (batch.Count == 0)
                return;
            var added = await build.AddAsync(batch, cancellationToken);
            progress.Add(batch.Count, added.Refused, position);
            batch.Clear();
        }
    }

    private static async Task<T> GuardAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (BreachException exception)
        {
            throw new FormatException($"{exception.Message}; run `ledger verify` for details. The index was left as it is", exception);
        }
    }

    private sealed class Progress(string stream, long total, TextWriter output, TimeProvider clock)
    {
        private readonly long _start = clock.GetTimestamp();
        private long _said = clock.GetTimestamp();
        private long _records;
        private long _refused;

        public void Add(int records, int refused, long position)
        {
            _records += records;
            _refused += refused;
            if (clock.GetElapsedTime(_said) < SayEvery)
                return;
            _said = clock.GetTimestamp();
            Say(string.Create(CultureInfo.InvariantCulture, $"{_records} records, {PerSecond:0} per second, {100.0 * Math.Min(position, total) / Math.Max(total, 1):0} %"));
        }

        public void End(long position) => Say(string.Create(
            CultureInfo.InvariantCulture,
            $"indexed {_records} records in {clock.GetElapsedTime(_start).TotalSeconds:0.0} s, {PerSecond:0} per second, up to record {position}{(_refused > 0 ? $"; {_refused} were refused and are dead letters" : "")}"));

        private double PerSecond => _records / Math.Max(clock.GetElapsedTime(_start).TotalSeconds, 0.001);

        private void Say(string text)
        {
            output.WriteLine($"{stream}: {text}");
            output.Flush();
        }
    }
}
