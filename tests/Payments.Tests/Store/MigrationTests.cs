using System.Data.Common;
using System.Numerics;
using DbUp;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Forwarding;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace HaCluster.Payments.Tests.Store;

/// <summary>A database of an earlier version keeps what it has.</summary>
[Collection(StoreCollection.Name)]
public sealed class MigrationTests(PostgreSql postgreSql) : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Only_its_owner_reads_the_folder_that_is_made_for_a_file()
    {
        await using var database = new SqliteDatabase(_scratch.At("new/data/payments.db"));
        await database.MigrateAsync(CancellationToken.None);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_scratch.At("new/data")));
    }

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

    [SkippableFact]
    public async Task What_another_replica_asks_for_while_the_schema_changes_counts_in_daily_limits()
    {
        var connectionString = await postgreSql.CreateAsync();
        Upgrade(StoreKind.PostgreSql, connectionString, "0050");
        await using var writer = new NpgsqlConnection(connectionString);
        await writer.OpenAsync();
        await using var transaction = await writer.BeginTransactionAsync();
        await ExecuteAsync(writer, """
            insert into wallets (id, chain, name, script, created_at) values ('wal_1', 'bitcoin', 'old', 'p2wpkh', 1);
            insert into transfers (id, wallet, chain, asset, fee_asset, destination, amount, max_fee, state, approvals_needed, created_by, created_at, updated_at)
                values ('trf_1', 'wal_1', 'bitcoin', 'bitcoin', 'bitcoin', 'd', 7, 1, 'approved', 0, 'a', 5000, 5000);
            """);
        await using var database = new PostgreSqlDatabase(connectionString);
        var migrating = Task.Run(() => database.MigrateAsync(default));
        await using (var other = new NpgsqlConnection(connectionString))
        {
            await other.OpenAsync();
            await Waiting.UntilAsync("the migration waits for whoever writes", async () =>
            {
                await using var waiting = new NpgsqlCommand("select count(*) from pg_locks where not granted and relation = 'transfers'::regclass", other);
                return (long)(await waiting.ExecuteScalarAsync())! > 0;
            });
        }

        await transaction.CommitAsync();
        await migrating;
        Assert.Equal(7, await database.ReadAsync(session => session.SpentSinceAsync("wal_1", Asset.Bitcoin, DateTimeOffset.UnixEpoch)));
    }

    [SkippableTheory, OnBothStores]
    public async Task Tokens_of_earlier_versions_were_looked_for_in_all_blocks_until_then(StoreKind kind)
    {
        var connectionString = kind == StoreKind.PostgreSql ? await postgreSql.CreateAsync() : $"Data Source={_scratch.At("payments.db")}";
        Upgrade(kind, connectionString, "0050");
        await using (DbConnection connection = kind == StoreKind.PostgreSql ? new NpgsqlConnection(connectionString) : new SqliteConnection(connectionString))
        {
            await connection.OpenAsync();
            await ExecuteAsync(connection, """
                insert into wallets (id, chain, name, script, created_at) values ('wal_1', 'ethereum', 'one', 'none', 1), ('wal_2', 'ethereum', 'two', 'none', 1);
                insert into blocks (chain, height, hash) values ('ethereum', 7, 'a'), ('ethereum', 8, 'b'), ('bitcoin', 99, 'c');
                insert into token_openings (wallet, asset, block) values ('wal_1', 'ethereum/0xa', 7), ('wal_2', 'ethereum/0xa', 8), ('wal_2', 'ethereum/0xb', 8);
                """);
        }

        await using Database database = kind == StoreKind.PostgreSql ? new PostgreSqlDatabase(connectionString) : new SqliteDatabase(_scratch.At("payments.db"));
        await database.MigrateAsync(default);
        var scans = await database.ReadAsync(session => session.TokenScansAsync(["ethereum/0xa", "ethereum/0xb", "ethereum/0xc"]));
        Assert.Equal([("ethereum/0xa", 8L), ("ethereum/0xb", 8L)], scans.Select(scan => (scan.Asset, scan.Height)).Order());
    }

    [SkippableTheory, OnBothStores]
    public async Task Rules_of_forwarding_of_earlier_versions_are_those_of_the_chains_coin(StoreKind kind)
    {
        var connectionString = kind == StoreKind.PostgreSql ? await postgreSql.CreateAsync() : $"Data Source={_scratch.At("payments.db")}";
        Upgrade(kind, connectionString, "0050");
        var amount = kind == StoreKind.PostgreSql ? "5" : "'5'";
        await using (DbConnection connection = kind == StoreKind.PostgreSql ? new NpgsqlConnection(connectionString) : new SqliteConnection(connectionString))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = $$"""
                insert into wallets (id, chain, name, script, created_at) values ('wal_1', 'ethereum', 'old', 'none', 1);
                insert into transfers (id, wallet, chain, asset, fee_asset, destination, amount, max_fee, state, approvals_needed, created_by, created_at, updated_at)
                    values ('trf_1', 'wal_1', 'ethereum', 'ethereum', 'ethereum', 'd', {{amount}}, {{amount}}, 'approved', 0, 'forwarding', 1, 1);
                insert into forwarding_rules (wallet, version, document, round, round_at, is_open, failures, waiting, changed_by, changed_at)
                    values ('wal_1', 3, '{"destinations":[{"address":"d","share":10000}],"threshold":"5","reserve":"0","intervalSeconds":60,"maxFeeShare":70}', 4, 1000, 1, 2, 'fees', 'alice', 9);
                insert into forwarding_transfers (wallet, round, part, transfer) values ('wal_1', 4, 0, 'trf_1');
                """;
            await command.ExecuteNonQueryAsync();
        }

        await using Database database = kind == StoreKind.PostgreSql ? new PostgreSqlDatabase(connectionString) : new SqliteDatabase(_scratch.At("payments.db"));
        await database.MigrateAsync(default);
        var key = new RuleKey("wal_1", Asset.Ethereum, RuleKey.Forward);
        var rule = Assert.Single(await database.ReadAsync(session => session.ForwardingsAsync()));
        Assert.Equal((key, 3, 4, 1000, 1, 2, "fees", "alice"), (rule.Key, rule.Version, rule.Round, rule.RoundAt, rule.IsOpen, rule.Failures, rule.Waiting, rule.ChangedBy));
        Assert.Equal(7, rule.Rule.MostFee(1000));
        Assert.Equal((Transfer.Payment, "trf_1"), Assert.Single(await database.ReadAsync(session => session.RoundAsync(key, 4))) is var transfer ? (transfer.Kind, transfer.Id) : default);
        // A rule for another asset, and a sweep, have places of their own.
        var sweep = key with { Kind = RuleKey.Sweep };
        await database.ChangeAsync(session => session.SetForwardingAsync(sweep, new ForwardingRule { Threshold = "1", MaxFeeShare = 100 }, "test", DateTimeOffset.UtcNow));
        Assert.Equal(2, (await database.ReadAsync(session => session.ForwardingsAsync("wal_1"))).Count);
        await Assert.ThrowsAnyAsync<Exception>(() => database.ChangeAsync(session => session.ExecuteAsync("update forwarding_transfers set part = 1")));
        await Assert.ThrowsAnyAsync<Exception>(() => database.ChangeAsync(session => session.ExecuteAsync("update transfers set kind = 'sweep'")));
    }

    [SkippableTheory, OnBothStores]
    public async Task Transactions_and_requests_of_earlier_versions_stay_as_they_are(StoreKind kind)
    {
        var connectionString = kind == StoreKind.PostgreSql ? await postgreSql.CreateAsync() : $"Data Source={_scratch.At("payments.db")}";
        Upgrade(kind, connectionString, before: "0050");
        var amount = kind == StoreKind.PostgreSql ? "5" : "'5'";
        await using (DbConnection connection = kind == StoreKind.PostgreSql ? new NpgsqlConnection(connectionString) : new SqliteConnection(connectionString))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = $"""
                insert into wallets (id, chain, name, script, created_at) values ('wal_1', 'bitcoin', 'old', 'p2wpkh', 1);
                insert into transfers (id, wallet, chain, asset, fee_asset, destination, amount, max_fee, state, approvals_needed, created_by, created_at, updated_at)
                    values ('trf_1', 'wal_1', 'bitcoin', 'bitcoin', 'bitcoin', 'd', {amount}, {amount}, 'seen', 0, 'test', 1, 1);
                insert into attempts (transfer, number, purpose, txid, raw, fee_rate, max_fee, created_at) values ('trf_1', 1, 'payment', 'a', '00', {amount}, {amount}, 1);
                insert into transfer_requests (transfer, kind, attempt, requested_by, requested_at) values ('trf_1', 'bump', 1, 'alice', 1);
                """;
            await command.ExecuteNonQueryAsync();
        }

        await using Database database = kind == StoreKind.PostgreSql ? new PostgreSqlDatabase(connectionString) : new SqliteDatabase(_scratch.At("payments.db"));
        await database.MigrateAsync(default);
        var (attempts, requests) = await database.ReadAsync(async session => (await session.AttemptsAsync("trf_1"), await session.RequestsAsync("trf_1")));
        Assert.Equal((1, null), (Assert.Single(attempts).Number, attempts[0].Parent));
        Assert.Equal((true, false), (requests.AskToReplace(1, Attempt.Payment), requests.AskForChild(1)));
        // A child can be asked for, and what is written does not change.
        await database.ChangeAsync(async session => await session.RequestAsync((await session.TransferAsync("trf_1"))!, ChangeRequest.Child, 1, "bob", DateTimeOffset.UtcNow));
        Assert.True((await database.ReadAsync(session => session.RequestsAsync("trf_1"))).AskForChild(1));
        foreach (var change in new[] { "update attempts set parent = 1", "update transfer_requests set attempt = 2", "delete from transfer_requests", "insert into transfer_requests values ('trf_1', 'other', 1, 'bob', 1)" })
            await Assert.ThrowsAnyAsync<Exception>(() => database.ChangeAsync(session => session.ExecuteAsync(change)));
    }

    /// <param name="before">Number of the first script that an earlier version did not have.</param>
    private static void Upgrade(StoreKind kind, string connectionString, string before)
    {
        var builder = kind == StoreKind.PostgreSql ? DeployChanges.To.PostgresqlDatabase(connectionString) : DeployChanges.To.SqliteDatabase(connectionString);
        var result = builder.WithScriptsEmbeddedInAssembly(typeof(Database).Assembly, name => name.StartsWith($"migrations/{kind}/", StringComparison.Ordinal) && string.CompareOrdinal(name, $"migrations/{kind}/{before}") < 0)
            .WithVariablesDisabled().LogToNowhere().Build().PerformUpgrade();
        Assert.True(result.Successful, $"{result.Error}");
    }

    private static async Task ExecuteAsync(DbConnection connection, string text)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = text;
        await command.ExecuteNonQueryAsync();
    }
}
