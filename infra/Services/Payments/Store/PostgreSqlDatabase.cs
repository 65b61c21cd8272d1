using System.Data;
using System.Data.Common;
using DbUp;
using HaCluster.Services;
using Npgsql;

namespace HaCluster.Payments.Store;

/// <summary>A database of PostgreSQL that any number of replicas share.</summary>
internal sealed class PostgreSqlDatabase : Database
{
    /// <summary>Any number that nobody else takes in this database: replicas that start together change the schema one after the other.</summary>
    private const long MigrationLock = 0x7061796d656e7473;

    private readonly Reloaded<string> _setting;
    private readonly Lock _lock = new();

    // The pool in use, and the one before: its connections end with the work that they do.
    private Pool _pool;
    private Pool? _former;

    /// <exception cref="FormatException">It is not a connection string.</exception>
    public PostgreSqlDatabase(string connectionString)
        : this(Reloaded<string>.Fixed(connectionString))
    {
    }

    /// <param name="setting">The connection string that holds now: a password that is rotated arrives with a new one.</param>
    /// <exception cref="FormatException">It is not a connection string.</exception>
    public PostgreSqlDatabase(Reloaded<string> setting)
    {
        _setting = setting;
        _pool = Pool.Open(setting.Current);
        Description = _pool.Description;
    }

    public override string Description { get; }

    public override string ForUpdate => " for update";

    public override string In(string parameter) => $"= any(@{parameter})";

    public override string WaitForOthers => "select pg_advisory_xact_lock(@number)";

    public override string SumOf(string column) => $"cast(sum({column}) as text)";

    public override async Task MigrateAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await Source.OpenConnectionAsync(cancellationToken);
            await LockAsync(connection, "select pg_advisory_lock($1)", cancellationToken);
            try
            {
                Migrate(DeployChanges.To.PostgresqlDatabase(_setting.Current), "PostgreSql");
            }
            finally
            {
                await LockAsync(connection, "select pg_advisory_unlock($1)", CancellationToken.None);
            }
        }
        catch (NpgsqlException exception)
        {
            throw Translate(exception);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _pool.Source.DisposeAsync();
        if (_former is not null)
            await _former.Source.DisposeAsync();
    }

    /// <exception cref="FormatException">It is not a connection string.</exception>
    public static string Check(string connectionString)
    {
        try
        {
            _ = new NpgsqlConnectionStringBuilder(connectionString);
            return connectionString;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidOperationException)
        {
            // The message of the parser names the keyword, never a value.
            throw new FormatException($"it is not a connection string of PostgreSQL (Host=...;Database=...;Username=...): {exception.Message}", exception);
        }
    }

    protected override async Task<DbConnection> OpenAsync(CancellationToken cancellationToken) => await Source.OpenConnectionAsync(cancellationToken);

    protected override ValueTask<DbTransaction> BeginChangeAsync(DbConnection connection, CancellationToken cancellationToken) =>
        connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);

    protected override ValueTask<DbTransaction> BeginReadAsync(DbConnection connection, CancellationToken cancellationToken) =>
        connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);

    protected override bool IsConflict(DbException exception) => exception.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected;

    protected override Exception Translate(DbException exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } duplicate => new DuplicateException(duplicate.MessageText, duplicate),
        PostgresException { SqlState: PostgresErrorCodes.CheckViolation, ConstraintName: "covered" } owing => new NotCoveredException("the account does not have so much", owing),
        PostgresException { SqlState: PostgresErrorCodes.RestrictViolation or PostgresErrorCodes.CheckViolation or PostgresErrorCodes.ForeignKeyViolation or PostgresErrorCodes.NotNullViolation } forbidden =>
            new ForbiddenChangeException(forbidden.MessageText, forbidden),
        _ => new StoreUnavailableException($"{Description}: {exception.Message}", exception),
    };

    private NpgsqlDataSource Source
    {
        get
        {
            lock (_lock)
            {
                if (_setting.Current != _pool.ConnectionString)
                {
                    // Not disposed of yet: another thread may be about to open a connection of it. Two rotations are days apart.
                    _former?.Source.Dispose();
                    (_former, _pool) = (_pool, Pool.Open(_setting.Current));
                    _former.Source.Clear();
                }

                return _pool.Source;
            }
        }
    }

    private static async Task LockAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = MigrationLock } } };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed record Pool(string ConnectionString, string Description, NpgsqlDataSource Source)
    {
        public static Pool Open(string connectionString)
        {
            var builder = new NpgsqlDataSourceBuilder(Check(connectionString));
            var parts = builder.ConnectionStringBuilder;
            return new Pool(connectionString, $"PostgreSQL, {parts.Database} at {parts.Host}:{parts.Port}", builder.Build());
        }
    }
}
