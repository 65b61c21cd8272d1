using HaCluster.Services;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace HaCluster.Ledger.Indexing.Sqlite;

/// <summary>
/// The index in a file beside the service: SQLite with full-text search (https://sqlite.org/fts5.html). Records and the position of their stream are written in one
/// transaction, so that a killed process has both or neither. The file is not flushed at each of them: what a power cut takes is indexed again.
/// </summary>
internal sealed class SqliteIndex : IIndex
{
    private const int PageSize = 8192;

    /// <summary>KiB of pages that each connection keeps.</summary>
    private const int Cache = 4 << 10;

    /// <summary>Seconds that one waits for another writer: a rebuild makes indexes over all records in one transaction.</summary>
    private const int BusySeconds = 120;

    private static readonly TimeSpan LongestSearch = TimeSpan.FromSeconds(30);

    private readonly string _file;
    private readonly int _few;
    private readonly string _connectionString;
    private readonly SqliteConnection _writer;
    private readonly SemaphoreSlim _writing = new(1);

    private SqliteIndex(string file, IFaultPoints faults, int few)
    {
        (_file, Faults, _few) = (file, faults, few);
        _connectionString = new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = BusySeconds }.ToString();
        _writer = Connect();
    }

    public string Address => _file;

    internal IFaultPoints Faults { get; }

    /// <param name="few">Records with all words, up to which they are sorted.</param>
    /// <exception cref="FormatException">The file is there and is not an index of the ledger, or one of a later version.</exception>
    /// <exception cref="IndexUnavailableException">The file cannot be used.</exception>
    public static SqliteIndex Open(string file, IFaultPoints? faults = null, int few = SqliteSearch.Few)
    {
        SqliteIndex? index = null;
        try
        {
            PrivateFolder.Create(Path.GetDirectoryName(Path.GetFullPath(file))!);
            index = new SqliteIndex(file, faults ?? NoFaults.Instance, few);
            index.Prepare();
            return index;
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == raw.SQLITE_NOTADB)
        {
            index?.Close();
            throw new FormatException($"{file} is not an index of the ledger; name another file, or delete it: the index is built from the archive", exception);
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            index?.Close();
            throw new IndexUnavailableException($"the index {file} cannot be used: {exception.Message}", exception);
        }
        catch (FormatException)
        {
            index?.Close();
            throw;
        }
    }

    public Task<long> PositionAsync(string stream, CancellationToken cancellationToken) =>
        WriteAsync(connection => SqliteTables.Find(connection, stream)?.Position ?? 0, cancellationToken);

    public Task<Added> AddAsync(string stream, IReadOnlyList<IndexRecord> records, CancellationToken cancellationToken) => WriteAsync(
        connection =>
        {
            using var transaction = connection.BeginTransaction();
            if (SqliteTables.Find(connection, stream) is not var (number, position))
            {
                (number, position) = (SqliteTables.Create(connection), 0);
                SqliteTables.CreateIndexes(connection, number);
            }

            position = SqliteTables.Insert(connection, number, position, records);
            Faults.Reach(IndexFaultPoint.RecordsWritten);
            SqliteTables.Set(connection, stream, number, position);
            Faults.Reach(IndexFaultPoint.PositionWritten);
            transaction.Commit();
            Faults.Reach(IndexFaultPoint.Committed);
            return new Added(position, Refused: 0);
        },
        cancellationToken);

    public Task<RecordPage> SearchAsync(RecordQuery query, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            using var limit = new CancellationTokenSource(LongestSearch);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
            try
            {
                using var connection = Connect();
                var handle = connection.Handle!;
                using var interrupt = either.Token.Register(() => raw.sqlite3_interrupt(handle));
                return SqliteSearch.Find(connection, query, _few, either.Token);
            }
            // Within a statement, or between two.
            catch (Exception exception) when (exception is SqliteException { SqliteErrorCode: raw.SQLITE_INTERRUPT } or OperationCanceledException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw new IndexUnavailableException($"the search took longer than {LongestSearch.TotalSeconds} s; give a shorter time from and to", exception);
            }
            catch (SqliteException exception)
            {
                throw Unavailable(exception);
            }
        },
        cancellationToken);

    /// <summary>Nothing in a record can be refused by this index: it has no types of fields.</summary>
    public Task<DeadLetterPage> DeadLettersAsync(string stream, long after, int limit, CancellationToken cancellationToken) => Task.FromResult(DeadLetterPage.Empty);

    public Task<int> ReplayAsync(string stream, IReadOnlyList<IndexRecord> records, CancellationToken cancellationToken) => Task.FromResult(0);

    public async Task<IIndexBuild> RebuildAsync(string stream, CancellationToken cancellationToken)
    {
        var mark = TryMark() ?? throw new IndexUnavailableException($"another process is rebuilding {_file}; wait until it has finished");
        try
        {
            await WriteAsync(DropUnused, cancellationToken);
            return new SqliteBuild(this, stream, mark, await WriteAsync(SqliteTables.Create, cancellationToken));
        }
        catch
        {
            await mark.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync()
    {
        Close();
        _writing.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs something on the one connection that writes.</summary>
    /// <exception cref="IndexUnavailableException">The database refuses.</exception>
    internal async Task<T> WriteAsync<T>(Func<SqliteConnection, T> write, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => write(_writer), CancellationToken.None);
        }
        catch (SqliteException exception)
        {
            throw Unavailable(exception);
        }
        finally
        {
            _writing.Release();
        }
    }

    private IndexUnavailableException Unavailable(SqliteException exception) => new(
        exception.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB
            ? $"the index {_file} is damaged ({exception.Message}); stop the service, delete the file and start it again: the index is built from the archive"
            : $"the index {_file} cannot be used: {exception.Message}",
        exception);

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
            // Only for a file that is made now.
            SqliteTables.Run(connection, $"PRAGMA page_size = {PageSize}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -{Cache}; PRAGMA temp_store = FILE;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Prepare()
    {
        var (owner, version) = (SqliteTables.Number(_writer, "PRAGMA application_id"), SqliteTables.Number(_writer, "PRAGMA user_version"));
        var isEmpty = SqliteTables.Number(_writer, "SELECT count(*) FROM sqlite_master") == 0;
        if (!isEmpty && owner != SqliteTables.ApplicationId)
            throw new FormatException($"{_file} is a database of another program; name another file");
        if (!isEmpty && version != SqliteTables.Version)
            throw new FormatException($"{_file} is an index of another version of the ledger ({version}; this one has {SqliteTables.Version}); delete it: the index is built from the archive");
        using (var transaction = _writer.BeginTransaction())
        {
            SqliteTables.Run(_writer, $"PRAGMA application_id = {SqliteTables.ApplicationId}; PRAGMA user_version = {SqliteTables.Version};");
            SqliteTables.CreateAll(_writer);
            transaction.Commit();
        }

        // What a killed rebuild left. Not while one runs in another process.
        if (TryMark() is { } mark)
        {
            using (mark)
                DropUnused(_writer);
        }
    }

    internal static int DropUnused(SqliteConnection connection)
    {
        var unused = SqliteTables.Unused(connection);
        foreach (var number in unused)
        {
            using var transaction = connection.BeginTransaction();
            SqliteTables.Drop(connection, number);
            transaction.Commit();
        }

        return unused.Count;
    }

    /// <summary>Held while an index is built: who has it knows that tables which nobody uses are left over.</summary>
    private FileStream? TryMark()
    {
        try
        {
            return new FileStream($"{_file}.rebuild", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private void Close()
    {
        _writer.Dispose();
        using var any = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(any);
    }
}
