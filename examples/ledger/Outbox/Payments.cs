using System.Globalization;
using System.Text.Json;
using Dapper;
using Npgsql;

namespace HaCluster.Examples.Outbox;

/// <summary>The service: what it does and what it has to tell is one transaction.</summary>
internal static class Payments
{
    /// <returns>Id of the payment.</returns>
    /// <exception cref="PaymentRefusedException">It was refused, and nothing of it is there.</exception>
    public static async Task<long> PayAsync(NpgsqlConnection connection, string account, decimal amount, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var id = await connection.QuerySingleAsync<long>(new CommandDefinition(
            "insert into payment (account, amount) values (@account, @amount) returning id", new { account, amount }, transaction, cancellationToken: cancellationToken));
        // Amounts as text: a JSON number is a double to most who read it.
        var data = JsonSerializer.Serialize(new { payment = id, account, amount = amount.ToString("0.00", CultureInfo.InvariantCulture), currency = "EUR" });
        await connection.ExecuteAsync(new CommandDefinition("insert into outbox (data) values (@data::json)", new { data }, transaction, cancellationToken: cancellationToken));
        if (amount < 0)
            throw new PaymentRefusedException($"{account} has too little money");
        await transaction.CommitAsync(cancellationToken);
        return id;
    }
}

internal sealed class PaymentRefusedException(string message) : Exception(message);
