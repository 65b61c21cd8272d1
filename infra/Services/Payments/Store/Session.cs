using System.Data.Common;
using Dapper;

namespace HaCluster.Payments.Store;

/// <summary>One transaction.</summary>
internal sealed class Session(Database database, DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken)
{
    /// <inheritdoc cref="Database.ForUpdate"/>
    public string ForUpdate => database.ForUpdate;

    /// <inheritdoc cref="Database.In"/>
    public string In(string parameter) => database.In(parameter);

    /// <inheritdoc cref="Database.WaitForOthers"/>
    public Task WaitForOthersAsync(long number) => ExecuteAsync(database.WaitForOthers, new { number });

    /// <inheritdoc cref="Database.WaitForWriters"/>
    public Task WaitForWritersAsync(string table) => ExecuteAsync(database.WaitForWriters(table));

    /// <inheritdoc cref="Database.SumOf"/>
    public string SumOf(string column) => database.SumOf(column);

    /// <returns>Rows that were changed.</returns>
    public Task<int> ExecuteAsync(string sql, object? parameters = null) => connection.ExecuteAsync(Command(sql, parameters));

    public async Task<IReadOnlyList<T>> ListAsync<T>(string sql, object? parameters = null) => [.. await connection.QueryAsync<T>(Command(sql, parameters))];

    /// <returns>Null: there is no such row.</returns>
    public Task<T?> FindAsync<T>(string sql, object? parameters = null) => connection.QuerySingleOrDefaultAsync<T>(Command(sql, parameters));

    public async Task<T> GetAsync<T>(string sql, object? parameters = null) => await connection.QuerySingleAsync<T>(Command(sql, parameters));

    private CommandDefinition Command(string sql, object? parameters) => new(sql, parameters, transaction, cancellationToken: cancellationToken);
}
