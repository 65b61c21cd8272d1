using System.Numerics;
using Dapper;
using HaCluster.Payments.Amounts;
using Microsoft.Data.Sqlite;

namespace HaCluster.Payments.Signing;

/// <summary>
/// What the signer has agreed to, on its own disk and written before it signs: it would notice if the service asked for one transfer twice under two nonces, or with other coins, even if the service's database
/// were lost, restored from a backup or changed by a thief.
/// </summary>
internal sealed class SignerJournal : IDisposable
{
    private const string Schema = """
        create table if not exists agreed (
            key text not null,
            transfer text not null,
            asset text not null,
            destination text not null,
            amount text not null,
            at bigint not null,
            primary key (key, transfer)
        );
        create index if not exists agreed_at on agreed (key, asset, at);
        -- A nonce of Ethereum, or an output of Bitcoin that is spent.
        create table if not exists used (
            key text not null,
            input text not null,
            transfer text not null,
            primary key (key, input)
        );
        create index if not exists used_transfer on used (key, transfer);
        """;

    private readonly SqliteConnection _connection;
    private readonly SemaphoreSlim _one = new(1);

    public SignerJournal(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        _connection.Open();
        _connection.Execute("pragma journal_mode = wal; pragma synchronous = full;");
        _connection.Execute(Schema);
    }

    /// <summary>Writes down that a transfer is signed with these inputs, after a check that sees what was agreed to before; both are one transaction.</summary>
    /// <param name="inputs">A nonce, or outputs that are spent.</param>
    /// <param name="check">Gets the sum of other transfers of the asset since a time; throws when it refuses.</param>
    /// <exception cref="SigningRefusedException">It contradicts what was agreed to.</exception>
    public async Task AgreeAsync(
        string key, string transfer, string asset, string destination, BigInteger amount, IReadOnlyCollection<string> inputs, DateTimeOffset now, TimeSpan window, Action<BigInteger> check)
    {
        await _one.WaitAsync();
        try
        {
            using var transaction = _connection.BeginTransaction(deferred: false);
            var before = await _connection.QuerySingleOrDefaultAsync<Agreed>(
                "select asset, destination, amount from agreed where key = @key and transfer = @transfer", new { key, transfer }, transaction);
            if (before is not null && (before.Asset, before.Destination, before.Amount) != (asset, destination, Amount.Write(amount)))
                throw new SigningRefusedException("contradiction", $"transfer {transfer} was signed as {before.Amount} of {before.Asset} to {before.Destination}");
            var owned = (await _connection.QueryAsync<string>("select input from used where key = @key and transfer = @transfer", new { key, transfer }, transaction)).ToHashSet(StringComparer.Ordinal);
            if (before is not null && !owned.SetEquals(inputs))
                throw new SigningRefusedException("other-inputs", $"transfer {transfer} was signed with {string.Join(", ", owned.Order())}; with others it could be paid twice");
            var others = await _connection.QueryAsync<string>(
                "select amount from agreed where key = @key and asset = @asset and at > @Since and transfer <> @transfer",
                new { key, asset, transfer, Since = (now - window).ToUnixTimeMilliseconds() }, transaction);
            check(others.Aggregate(BigInteger.Zero, (sum, one) => sum + Amount.Read(one)));
            if (before is null)
            {
                foreach (var input in inputs)
                {
                    if (await _connection.ExecuteAsync("insert into used (key, input, transfer) values (@key, @input, @transfer) on conflict do nothing", new { key, input, transfer }, transaction) == 0)
                        throw new SigningRefusedException("input-used", $"{input} is already another transfer's");
                }

                await _connection.ExecuteAsync(
                    "insert into agreed (key, transfer, asset, destination, amount, at) values (@key, @transfer, @asset, @destination, @Amount, @At)",
                    new { key, transfer, asset, destination, Amount = Amount.Write(amount), At = now.ToUnixTimeMilliseconds() }, transaction);
            }

            transaction.Commit();
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose()
    {
        _connection.Dispose();
        _one.Dispose();
    }

    private sealed record Agreed
    {
        public required string Asset { get; init; }

        public required string Destination { get; init; }

        public required string Amount { get; init; }
    }
}
