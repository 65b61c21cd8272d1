using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Proof;
using HaCluster.Ledger.Records;

namespace HaCluster.Ledger.Writing;

/// <summary>The streams of a process, opened when they are first needed.</summary>
internal sealed class StreamLogs : IAsyncDisposable
{
    public const int MostStreams = 1000;

    private readonly ConcurrentDictionary<string, Lazy<Task<Opening>>> _logs = new(StringComparer.Ordinal);

    // Streams whose spool cannot be opened: that is told once.
    private readonly ConcurrentDictionary<string, bool> _withoutSpool = new(StringComparer.Ordinal);
    private readonly LogContext _context;
    private readonly string _spoolFolder;
    private volatile bool _isOpen;
    private volatile string? _trouble = "the archive has not been read yet";

    /// <param name="spoolFolder">Exists.</param>
    public StreamLogs(LogContext context, string spoolFolder) => (_context, _spoolFolder) = (context, spoolFolder);

    /// <summary>Why the archive does not take records; null when it does.</summary>
    public string? Trouble => _trouble ?? Opened.Select(log => log.Away).FirstOrDefault(away => away is not null);

    public IEnumerable<StreamLog> Opened => _logs.Values
        .Where(log => log is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }).Select(log => log.Value.Result.Log).OfType<StreamLog>();

    /// <summary>Puts the public key into the archive and opens all streams that there are; tries again until key and archive answer.</summary>
    /// <exception cref="SigningException">The key cannot be used, now or later.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        var isAway = false;
        while (!_isOpen)
        {
            try
            {
                await _context.Signer.OpenAsync(cancellationToken);
                var key = _context.Signer.PublicKey;
                await _context.Archive.TryPutAsync(ArchiveNames.Key(key.Id), Encoding.ASCII.GetBytes(key.Pem), cancellationToken);
                var names = await _context.Archive.StreamsAsync(cancellationToken);
                foreach (var stream in names.Concat(Spool.StreamsOf(_spoolFolder)).Where(Names.IsStream).Distinct(StringComparer.Ordinal))
                    await FindAsync(stream);
                if (isAway)
                    _context.Observer.ArchiveBack("");
                (_trouble, _isOpen) = (null, true);
            }
            catch (Exception exception) when (exception is ArchiveUnavailableException or SigningException { IsPassing: true })
            {
                if (_trouble != exception.Message)
                    _context.Observer.ArchiveAway("", exception.Message);
                (_trouble, isAway) = (exception.Message, true);
                await Task.Delay(_context.Options.RetryEvery, _context.Clock, cancellationToken);
            }
        }
    }

    /// <summary>Stores records of one stream, all or none.</summary>
    public async Task<Outcome> AppendAsync(string stream, ImmutableArray<PreparedRecord> records)
    {
        if (!_isOpen)
            return new Outcome.Unavailable(_trouble ?? "the service is starting");
        try
        {
            var opening = await FindAsync(stream);
            return opening.Log is { } log ? await log.AppendAsync(records) : new Outcome.Unavailable(opening.Trouble!);
        }
        catch (ArchiveUnavailableException exception)
        {
            return new Outcome.Unavailable(exception.Message);
        }
    }

    /// <summary>Whether one more stream may be begun.</summary>
    public bool MayOpen(string stream) => _logs.ContainsKey(stream) || _logs.Count < MostStreams;

    public async ValueTask DisposeAsync()
    {
        foreach (var log in Opened.ToArray())
            await log.DisposeAsync();
        _logs.Clear();
    }

    private async Task<Opening> FindAsync(string stream)
    {
        var log = _logs.GetOrAdd(stream, name => new Lazy<Task<Opening>>(() => OpenAsync(name)));
        try
        {
            return await log.Value;
        }
        catch (ArchiveUnavailableException)
        {
            _logs.TryRemove(new KeyValuePair<string, Lazy<Task<Opening>>>(stream, log));
            throw;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The disk may have room again for the next request.
            _logs.TryRemove(new KeyValuePair<string, Lazy<Task<Opening>>>(stream, log));
            if (_withoutSpool.TryAdd(stream, true))
                _context.Observer.SpoolAway(stream, exception.Message);
            return new Opening(null, $"the spool cannot be opened: {exception.Message}");
        }
    }

    private async Task<Opening> OpenAsync(string stream)
    {
        try
        {
            var log = await StreamLog.OpenAsync(stream, _spoolFolder, _context, CancellationToken.None);
            if (_withoutSpool.TryRemove(stream, out _))
                _context.Observer.SpoolBack(stream);
            return new Opening(log, null);
        }
        catch (BrokenArchiveException exception)
        {
            // Stays as it is, and is told once: only a person can say what is true.
            _context.Observer.Broken(stream, exception.Message);
            return new Opening(null, $"the stream {stream} is broken: {exception.Message}");
        }
    }

    /// <param name="Trouble">Why there is no log.</param>
    private sealed record Opening(StreamLog? Log, string? Trouble);
}
