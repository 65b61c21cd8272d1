using System.Data.Common;
using System.Numerics;
using DbUp;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Transfers;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace HaCluster.Payments.Tests.Store;

/// <summary>A database of an earlier version keeps what it has.</summary>
[Collection(StoreCollection.Name)]
public sealed class MigrationTests(PostgreSql postgreSql) : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [SkippableTheory, OnBothStores]
    public async Task Deposits_and_balances_of_the_first_version_go_on(StoreKind kind)
    {
        var connectionString = kind == StoreKind.PostgreSql ? await postgreSql.CreateAsync() : $"Data Source={_scratch.At("payments.db")}";
        var builder = kind == StoreKind.PostgreSql ? DeployChanges.To.PostgresqlDatabase(connectionString) : DeployChanges.To.SqliteDatabase(connectionString);
        var result = builder.WithScriptsEmbeddedInAssembly(typeof(Database).Assembly, name => name == $"migrations/{kind}/0001-first.sql").WithVariablesDisabled().LogToNowhere().Build().PerformUpgrade();
        Assert.True(result.Successful, $"{result.Error}");
        await using (DbConnection connection = kind == StoreKind.PostgreSql ? new NpgsqlConnection(connectionString) : new SqliteConnection(connectionString))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = """
                insert into wallets (id, chain, name, script, created_at) values ('wal_1', 'bitcoin', 'old', 'p2wpkh', 1);
                insert into blocks (chain, height, hash) values ('bitcoin', 7, 'a'), ('bitcoin', 8, 'b');
                insert into balances (account, asset, amount) values ('world', 'bitcoin', '-5'), ('incoming/wal_1', 'bitcoin', '5');
                insert into deposits (id, wallet, address, asset, amount, txid, position, block, height, arrivals, state, created_at, updated_at)
                    values ('dep_1', 'wal_1', 'address', 'bitcoin', '5', 'tx', 0, 'b', 8, 1, 'confirmed', 1, 1);
                insert into transfers (id, wallet, chain, asset, fee_asset, destination, amount, max_fee, state, approvals_needed, created_by, created_at, updated_at)
                    values ('trf_1', 'wal_1', 'bitcoin', 'bitcoin', 'bitcoin', 'd', '7', '1', 'approved', 0, 'a', 5000, 5000), ('trf_2', 'wal_1', 'bitcoin', 'bitcoin', 'bitcoin', 'd', '30', '1', 'approved', 0, 'a', 7000, 7000),
                        ('trf_3', 'wal_1', 'bitcoin', 'bitcoin', 'bitcoin', 'd', '100', '1', 'failed', 0, 'a', 7000, 7000);
                """;
            await command.ExecuteNonQueryAsync();
        }

        await using Database database = kind == StoreKind.PostgreSql ? new PostgreSqlDatabase(connectionString) : new SqliteDatabase(_scratch.At("payments.db"));
        await database.MigrateAsync(default);
        var deposit = Assert.Single(await database.ReadAsync(session => session.DepositsAsync("wal_1", null, 10)));
        Assert.Equal(("bitcoin", "b", 8, 6, 0, 5), (deposit.Chain, deposit.Block, deposit.Height, deposit.Needed, deposit.IsLate, deposit.Amount));
        // Daily limits go on counting what was asked for before.
        Assert.Equal((37, 30), (await SpentAsync(5), await SpentAsync(6)));
        Assert.Equal(7, await database.ReadAsync(session => session.FirstHeightAsync(Asset.Bitcoin)));
        await database.ChangeAsync(session => session.SettleAsync(Asset.Bitcoin, 13, -1, DateTimeOffset.UtcNow));
        Assert.Equal(5, await database.ReadAsync(session => session.BalanceAsync(Account.Available("wal_1"), Asset.Bitcoin)));
        // Nobody but the world and a shortage owes.
        await Assert.ThrowsAsync<NotCoveredException>(() => database.ChangeAsync(session => session.PostAsync([new Posting("x", Asset.Bitcoin, Account.Available("wal_1"), Account.World, 6)], DateTimeOffset.UtcNow)));
        await database.ChangeAsync(session => session.PostAsync([new Posting("y", Asset.Bitcoin, Account.Shortage("wal_1"), Account.World, 6)], DateTimeOffset.UtcNow));

        Task<BigInteger> SpentAsync(long seconds) => database.ReadAsync(session => session.SpentSinceAsync("wal_1", Asset.Bitcoin, DateTimeOffset.FromUnixTimeSeconds(seconds)));
    }
}
