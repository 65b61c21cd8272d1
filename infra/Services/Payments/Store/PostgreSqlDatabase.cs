using System.Data;
using System.Data.Common;
using DbUp;
using Npgsql;

namespace HaCluster.Payments.Store;

/// <summary>A database of PostgreSQL that any number of replicas share.</summary>
internal sealed class PostgreSqlDatabase : Database
{
    /// <summary>Any number that nobody else takes in this database: replicas that start together change the schema one after the other.</summary>
    private const long MigrationLock = 0x7061796d656e7473;

    private readonly NpgsqlDataSource _source;
    private readonly string _connectionString;

    /// <exception cref="FormatException">It is not a connection string.</exception>
    public PostgreSqlDatabase(string connectionString)
    {
        try
        {
            _connectionString = connectionString;
            var builder = new NpgsqlDataSourceBuilder(connectionString);
            var parts = builder.ConnectionStringBuilder;
            Description = $"PostgreSQL, {parts.Database} at {parts.Host}:{parts.Port}";
            _source = builder.Build();
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidOperationException)
        {
            // The message of the parser names the keyword, never a value.
            throw new FormatException($"it is not a connection string of PostgreSQL (Host=...;Database=...;Username=...): {exception.Message}", exception);
        }
    }

    public override string Description { get; }

    public override string ForUpdate => " for update";

    public override string SumOf(string column) => $"cast(sum({column}) as text)";

    public override async Task MigrateAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _source.OpenConnectionAsync(cancellationToken);
            await LockAsync(connection, "select pg_advisory_lock($1)", cancellationToken);
            try
            {
                Migrate(DeployChanges.To.PostgresqlDatabase(_connectionString), "PostgreSql");
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

    public override ValueTask DisposeAsync() => _source.DisposeAsync();

    protected override async Task<DbConnection> OpenAsync(CancellationToken cancellationToken) => await _source.OpenConnectionAsync(cancellationToken);

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

    private static async Task LockAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = MigrationLock } } };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
