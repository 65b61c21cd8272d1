using System.Data.Common;
using System.Diagnostics;
using System.Numerics;
using Dapper;
using DbUp.Builder;

namespace HaCluster.Payments.Store;

/// <summary>
/// Where everything is kept. Two kinds, with one schema and the same queries: SQLite in a folder, the embedded default, and PostgreSQL for any number of replicas.
/// </summary>
internal abstract class Database : IAsyncDisposable
{
    /// <summary>Tries of a transaction that another one got in the way of.</summary>
    private const int Tries = 8;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    static Database()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.AddTypeHandler(new AmountHandler());
    }

    /// <summary>For a person, without a password.</summary>
    public abstract string Description { get; }

    /// <summary>What to add to a select whose rows are to be changed.</summary>
    public abstract string ForUpdate { get; }

    /// <summary>Compares a column with each of a list, which is one parameter on PostgreSQL and many on SQLite.</summary>
    /// <param name="parameter">An array.</param>
    public abstract string In(string parameter);

    /// <summary>Whether rows are inserted with one statement, each column an array.</summary>
    public abstract bool InsertsRowsTogether { get; }

    /// <summary>A statement after which no other transaction that says it with the same <c>@number</c> goes on until this one ends.</summary>
    public abstract string WaitForOthers { get; }

    /// <summary>A statement that returns when no transaction that has written to a table goes on, and before which none begins to; it fails rather than wait for long.</summary>
    public abstract string WaitForWriters(string table);

    /// <summary>An aggregate that sums a column of amounts as text; null: there are no rows.</summary>
    public abstract string SumOf(string column);

    /// <summary>Changes all or nothing; durable when this returns. The work is repeated when another transaction got in its way, so it does nothing but reads and writes here.</summary>
    public async Task<T> ChangeAsync<T>(Func<Session, Task<T>> work, CancellationToken cancellationToken = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ChangeOnceAsync(work, cancellationToken);
            }
            catch (DbException conflict) when (IsConflict(conflict) && attempt < Tries)
            {
                await Task.Delay(Pause * (attempt + Random.Shared.NextDouble()), cancellationToken);
            }
            catch (DbException exception)
            {
                throw Translate(exception);
            }
        }
    }

    public Task ChangeAsync(Func<Session, Task> work, CancellationToken cancellationToken = default) => ChangeAsync(
        async session =>
        {
            await work(session);
            return true;
        },
        cancellationToken);

    /// <summary>Reads one state of the store.</summary>
    public async Task<T> ReadAsync<T>(Func<Session, Task<T>> work, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var connection = await OpenAsync(cancellationToken);
            await using var transaction = await BeginReadAsync(connection, cancellationToken);
            return await work(new Session(this, connection, transaction, cancellationToken));
        }
        catch (DbException exception)
        {
            throw Translate(exception);
        }
    }

    /// <summary>Reads with one statement, or with some that need not see the same state: without a transaction, which would cost PostgreSQL another answer.</summary>
    public async Task<T> AskAsync<T>(Func<Session, Task<T>> work, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var connection = await OpenAsync(cancellationToken);
            return await work(new Session(this, connection, null, cancellationToken));
        }
        catch (DbException exception)
        {
            throw Translate(exception);
        }
    }

    /// <summary>Brings the schema to what this version needs; safe when several processes do it at once.</summary>
    /// <exception cref="StoreUnavailableException">The database does not answer, or its schema cannot be changed.</exception>
    public abstract Task MigrateAsync(CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();

    protected abstract Task<DbConnection> OpenAsync(CancellationToken cancellationToken);

    protected abstract ValueTask<DbTransaction> BeginChangeAsync(DbConnection connection, CancellationToken cancellationToken);

    protected abstract ValueTask<DbTransaction> BeginReadAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>Another transaction was first; this one did nothing and may be repeated.</summary>
    protected abstract bool IsConflict(DbException exception);

    /// <summary>An exception of ours for what the schema refuses, or for a database that is away.</summary>
    protected abstract Exception Translate(DbException exception);

    protected virtual async Task<T> ChangeOnceAsync<T>(Func<Session, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var transaction = await BeginChangeAsync(connection, cancellationToken);
        var result = await work(new Session(this, connection, transaction, cancellationToken));
        // A commit that is cut off may have happened: nothing here decides on a transaction that it gave up on.
        await transaction.CommitAsync(CancellationToken.None);
        return result;
    }

    /// <param name="folder">Of the embedded scripts.</param>
    protected static void Migrate(UpgradeEngineBuilder builder, string folder)
    {
        var result = builder
            .WithScriptsEmbeddedInAssembly(typeof(Database).Assembly, name => name.StartsWith($"migrations/{folder}/", StringComparison.Ordinal))
            .WithVariablesDisabled()
            .WithTransaction()
            .LogTo(new NoUpgradeLog())
            .Build()
            .PerformUpgrade();
        if (!result.Successful)
            throw new StoreUnavailableException($"the schema cannot be brought up to date: {result.ErrorScript?.Name}: {result.Error.Message}", result.Error);
    }

    /// <summary>Amounts are read from text, since numbers of the databases' clients are too small.</summary>
    private sealed class AmountHandler : SqlMapper.TypeHandler<BigInteger>
    {
        public override BigInteger Parse(object value) => value switch
        {
            string text => Amounts.Amount.Read(text),
            BigInteger number => number,
            _ => throw new UnreachableException($"an amount was read as {value.GetType()}: select it with cast(... as text)"),
        };

        public override void SetValue(System.Data.IDbDataParameter parameter, BigInteger value)
        {
            if (parameter is Npgsql.NpgsqlParameter numeric)
                (numeric.NpgsqlDbType, numeric.Value) = (NpgsqlTypes.NpgsqlDbType.Numeric, value);
            else
                parameter.Value = Amounts.Amount.Write(value);
        }
    }
}
