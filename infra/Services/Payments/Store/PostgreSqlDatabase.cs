using System.Data;
using System.Data.Common;
using DbUp.Postgresql;
using HaCluster.Services;
using Npgsql;

namespace HaCluster.Payments.Store;

/// <summary>A database of PostgreSQL that any number of replicas share.</summary>
internal sealed class PostgreSqlDatabase : Database
{
    /// <summary>Any number that nobody else takes in this database: replicas that start together change the schema one after the other.</summary>
    private const long MigrationLock = 0x7061796d656e7473;

    /// <summary>More than the service has.</summary>
    private const int StatementsPerConnection = 200;

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

    public override bool InsertsRowsTogether => true;

    public override string WaitForOthers => "select pg_advisory_xact_lock(@number)";

    public override string WaitForWriters(string table) => $"set local lock_timeout = '2s'; lock table {table} in share mode";

    public override string SumOf(string column) => $"cast(sum({column}) as text)";

    public override async Task MigrateAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await Source.OpenConnectionAsync(cancellationToken);
            await LockAsync(connection, "select pg_advisory_lock($1)", cancellationToken);
            try
            {
                Migrate(PostgresqlExtensions.PostgresqlDatabase(new PostgresqlConnectionManager(Source), new NpgsqlConnectionStringBuilder(_setting.Current).SearchPath), "PostgreSql");
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
        await _pool.DisposeAsync();
        if (_former is not null)
            await _former.DisposeAsync();
    }

    /// <exception cref="FormatException">It is not a connection string.</exception>
    public static string Check(string connectionString)
    {
        NpgsqlConnectionStringBuilder parts;
        try
        {
            parts = new NpgsqlConnectionStringBuilder(connectionString);
            if (string.IsNullOrWhiteSpace(parts.Host))
                throw new FormatException("Host is missing");
            // What does not go together is found only here; nothing is connected to.
            using var source = new NpgsqlDataSourceBuilder(connectionString) { ConnectionStringBuilder = { TargetSessionAttributes = null } }.Build();
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidOperationException or NotSupportedException)
        {
            // The message of the parser names the keyword, never a value.
            throw new FormatException($"it is not a connection string of PostgreSQL (Host=...;Database=...;Username=...): {exception.Message}", exception);
        }

        return parts.TargetSessionAttributes is null or "read-write" or "primary" ? connectionString
            : throw new FormatException($"Target Session Attributes is {parts.TargetSessionAttributes}, and the service writes: leave it out, or write read-write");
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
                    _former?.Dispose();
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

    /// <param name="All">Of several hosts; of them <paramref name="Source"/> takes the one that writes. Null: there is one.</param>
    private sealed record Pool(string ConnectionString, string Description, NpgsqlDataSource Source, NpgsqlMultiHostDataSource? All) : IAsyncDisposable, IDisposable
    {
        public static Pool Open(string connectionString)
        {
            var builder = new NpgsqlDataSourceBuilder(Check(connectionString));
            var parts = builder.ConnectionStringBuilder;
            // It is said of a source of several hosts, not of each.
            parts.TargetSessionAttributes = null;
            // The same statements again and again, most of them by triggers too: parsed and planned once for each connection. What a connection has of it would be lost by a reset when it goes back into the pool, and
            // there is nothing else to be reset: every setting and lock but that of the migration ends with its transaction.
            parts.MaxAutoPrepare = StatementsPerConnection;
            parts.AutoPrepareMinUsages = 2;
            parts.NoResetOnClose = true;
            var isOne = parts.Host?.Contains(',', StringComparison.Ordinal) is not true;
            var description = $"PostgreSQL, {parts.Database} at {parts.Host}{(isOne ? $":{parts.Port}" : "")}";
            if (isOne)
                return new Pool(connectionString, description, builder.Build(), null);
            var all = builder.BuildMultiHost();
            return new Pool(connectionString, description, all.WithTargetSession(TargetSessionAttributes.ReadWrite), all);
        }

        public async ValueTask DisposeAsync()
        {
            await Source.DisposeAsync();
            if (All is not null)
                await All.DisposeAsync();
        }

        public void Dispose()
        {
            Source.Dispose();
            All?.Dispose();
        }
    }
}
