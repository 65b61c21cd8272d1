using System.Data;
using System.Data.Common;
using System.Numerics;
using DbUp;
using DbUp.Sqlite.Helpers;
using HaCluster.Payments.Amounts;
using HaCluster.Services;
using Microsoft.Data.Sqlite;

namespace HaCluster.Payments.Store;

/// <summary>One file, for one process at a time and those that inspect it.</summary>
internal class SqliteDatabase : Database
{
    // https://www.sqlite.org/rescode.html
    private const int Busy = 5;
    private const int Locked = 6;
    private const int Constraint = 19;
    private const int ConstraintCheck = 275;
    private const int ConstraintPrimaryKey = 1555;
    private const int ConstraintTrigger = 1811;
    private const int ConstraintUnique = 2067;

    private readonly string _connectionString;

    // SQLite has one writer. Those of this process wait here, without a thread each and in their order.
    private readonly SemaphoreSlim _writer = new(1);

    public SqliteDatabase(string file)
    {
        File = Path.GetFullPath(file);
        _connectionString = new SqliteConnectionStringBuilder { DataSource = File, ForeignKeys = true, Pooling = true, DefaultTimeout = 30 }.ToString();
    }

    public string File { get; }

    public override string Description => $"SQLite in {File}";

    /// <summary>A transaction that may write is alone.</summary>
    public override string ForUpdate => "";

    public override string In(string parameter) => $"in @{parameter}";

    // There is no way to it that could be saved.
    public override bool InsertsRowsTogether => false;

    public override string WaitForOthers => "select @number";

    public override string WaitForWriters(string table) => "select 1";

    public override string SumOf(string column) => $"big_sum({column})";

    public override async Task MigrateAsync(CancellationToken cancellationToken)
    {
        try
        {
            PrivateFolder.Create(Path.GetDirectoryName(File)!);
            await using var connection = (SqliteConnection)await OpenAsync(cancellationToken);
            // Readers do not wait for the writer; https://www.sqlite.org/wal.html
            using var command = connection.CreateCommand();
            command.CommandText = "pragma journal_mode = wal";
            await command.ExecuteNonQueryAsync(cancellationToken);
            // Over this connection: scripts use its functions for amounts, too.
            using var shared = new SharedConnection(connection);
            Migrate(DeployChanges.To.SqliteDatabase(shared), "Sqlite");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new StoreUnavailableException($"{File} cannot be used: {exception.Message}", exception);
        }
    }

    public override ValueTask DisposeAsync()
    {
        using (var connection = new SqliteConnection(_connectionString))
            SqliteConnection.ClearPool(connection);
        _writer.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            // Of the triggers. Text in, text out: exact, however large.
            connection.CreateFunction("big_add", (string left, string right) => Amount.Write(Amount.Read(left) + Amount.Read(right)), isDeterministic: true);
            connection.CreateFunction("big_subtract", (string left, string right) => Amount.Write(Amount.Read(left) - Amount.Read(right)), isDeterministic: true);
            connection.CreateAggregate<string, BigInteger?, string?>("big_sum", null, (sum, amount) => (sum ?? 0) + Amount.Read(amount), sum => sum is { } total ? Amount.Write(total) : null, isDeterministic: true);
            using var command = connection.CreateCommand();
            // A commit is on the disk when it returns, also after a loss of power.
            command.CommandText = "pragma synchronous = full";
            await command.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    protected override async Task<T> ChangeOnceAsync<T>(Func<Session, Task<T>> work, CancellationToken cancellationToken)
    {
        await _writer.WaitAsync(cancellationToken);
        try
        {
            return await base.ChangeOnceAsync(work, cancellationToken);
        }
        finally
        {
            _writer.Release();
        }
    }

    // At once the only writer: a transaction that reads first and writes later could find the file changed in between.
    protected override ValueTask<DbTransaction> BeginChangeAsync(DbConnection connection, CancellationToken cancellationToken) =>
        new(((SqliteConnection)connection).BeginTransaction(IsolationLevel.Serializable, deferred: false));

    protected override ValueTask<DbTransaction> BeginReadAsync(DbConnection connection, CancellationToken cancellationToken) =>
        new(((SqliteConnection)connection).BeginTransaction(IsolationLevel.Serializable, deferred: true));

    protected override bool IsConflict(DbException exception) => exception is SqliteException { SqliteErrorCode: Busy or Locked };

    protected override Exception Translate(DbException exception) => exception is not SqliteException sqlite ? exception : sqlite.SqliteExtendedErrorCode switch
    {
        ConstraintUnique or ConstraintPrimaryKey => new DuplicateException(sqlite.Message, sqlite),
        ConstraintCheck when sqlite.Message.Contains("covered", StringComparison.Ordinal) => new NotCoveredException("the account does not have so much", sqlite),
        ConstraintTrigger => new ForbiddenChangeException(sqlite.Message, sqlite),
        _ when sqlite.SqliteErrorCode == Constraint => new ForbiddenChangeException(sqlite.Message, sqlite),
        _ => new StoreUnavailableException($"{File}: {sqlite.Message}", sqlite),
    };
}
