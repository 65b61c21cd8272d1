using System.Data.Common;
using Dapper;

namespace HaCluster.Payments.Store;

/// <summary>One transaction.</summary>
/// <param name="transaction">Null: each statement for itself.</param>
internal sealed class Session(Database database, DbConnection connection, DbTransaction? transaction, CancellationToken cancellationToken)
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

    /// <summary>Inserts rows: on PostgreSQL, which is on another computer, all at a time.</summary>
    /// <param name="after">What follows the rows, such as what to do with those that are there.</param>
    /// <returns>Rows that were inserted or changed.</returns>
    public async Task<int> InsertAsync<T>(string table, IEnumerable<T> rows, string after = "")
        where T : notnull
    {
        var all = rows.ToList();
        if (all.Count > 1 && database.InsertsRowsTogether)
        {
            var (sql, parameters) = Rows<T>.InsertAll(table, all);
            return await ExecuteAsync($"{sql} {after}", parameters);
        }

        var written = 0;
        foreach (var row in all)
            written += await ExecuteAsync($"{Rows<T>.Insert(table)} {after}", row);
        return written;
    }

    public async Task<IReadOnlyList<T>> ListAsync<T>(string sql, object? parameters = null) => [.. await connection.QueryAsync<T>(Command(sql, parameters))];

    /// <returns>Null: there is no such row.</returns>
    public Task<T?> FindAsync<T>(string sql, object? parameters = null) => connection.QuerySingleOrDefaultAsync<T>(Command(sql, parameters));

    public async Task<T> GetAsync<T>(string sql, object? parameters = null) => await connection.QuerySingleAsync<T>(Command(sql, parameters));

    /// <summary>Several statements, sent together: PostgreSQL answers once.</summary>
    /// <param name="read">Reads the results in their order.</param>
    public async Task<T> ReadTogetherAsync<T>(string sql, object parameters, Func<SqlMapper.GridReader, Task<T>> read)
    {
        await using var results = await connection.QueryMultipleAsync(Command(sql, parameters));
        return await read(results);
    }

    private CommandDefinition Command(string sql, object? parameters) => new(sql, parameters, transaction, cancellationToken: cancellationToken);
}
