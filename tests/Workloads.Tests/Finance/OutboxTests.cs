using System.Globalization;
using System.Text.Json;
using HaCluster.Workloads.Tests.Databases;
using Npgsql;

namespace HaCluster.Workloads.Tests.Finance;

/// <summary>examples/ledger with the PostgreSQL of Debian and the real ledger, each a process of its own.</summary>
public sealed class OutboxTests : IAsyncLifetime, IDisposable
{
    // In the folder that it is built into: in this one packages are missing that ASP.NET Core, which only the tests have, contains.
    private static readonly string Outbox = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "../../../../../examples/ledger/Outbox/bin", Path.GetRelativePath(Path.Combine(AppContext.BaseDirectory, "../.."), AppContext.BaseDirectory), "outbox.dll"));
    private static readonly string Ledger = Path.Combine(AppContext.BaseDirectory, "ledger.dll");

    private readonly Scratch _scratch = new();
    private readonly Scratch _data = new();
    private readonly int _port = Waiting.FreePort();
    private DatabaseServer? _server;
    private RunningProgram? _ledger;
    private string _database = "";

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_ledger is not null)
            await _ledger.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    public void Dispose()
    {
        _data.Dispose();
        _scratch.Dispose();
    }

    [SkippableFact]
    public async Task Each_payment_that_was_committed_is_in_the_ledger_once_though_shipper_and_ledger_are_killed()
    {
        await StartAsync();
        for (var round = 0; round < 6; round++)
        {
            var before = await SentAsync();
            await using var paying = RunningProgram.Start("dotnet", [Outbox, "pay", "70"], environment: Environment);
            await using var shipper = Shipper();
            await Waiting.UntilAsync("something more is stored", async () => await SentAsync() > before, () => shipper.Text);
            // The ledger before the shipper in one round, so that the shipper has an answer that never came; in the next the other way round.
            var (first, second) = round % 2 == 0 ? (shipper, _ledger!) : (_ledger!, shipper);
            await first.SignalAsync("KILL");
            await second.SignalAsync("KILL");
            Assert.Equal(0, (await paying.EndAsync()).ExitCode);
            await _ledger!.DisposeAsync();
            StartLedger();
        }

        await using (var shipper = Shipper())
        {
            await Waiting.UntilAsync("it ships", () => shipper.Text.Contains("outbox: shipping", StringComparison.Ordinal), () => shipper.Text);
            await UntilAllIsSentAsync(shipper);
            await shipper.SignalAsync("TERM");
            Assert.Equal(0, (await shipper.EndAsync()).ExitCode);
        }

        var payments = await ReadAsync<long>("select id from payment order by id");
        Assert.Equal(6 * 60, payments.Count);
        var records = await StoredAsync();
        Assert.Equal(payments, records.Select(record => record.Payment).Order());
        Assert.Equal(Enumerable.Range(1, payments.Count).Select(number => (long)number), records.Select(record => record.Number));
    }

    [SkippableFact]
    public async Task A_transaction_that_commits_after_later_ones_were_shipped_is_shipped_too()
    {
        await StartAsync();
        await using var slow = await OpenAsync();
        await using var transaction = await slow.BeginTransactionAsync();
        await ExecuteAsync(slow, """insert into outbox (data) values ('{"payment": 1}')""");
        await using (var quick = await OpenAsync())
            await ExecuteAsync(quick, """insert into outbox (data) values ('{"payment": 2}')""");
        await using var shipper = Shipper();
        await Waiting.UntilAsync("the later one is stored", async () => await SentAsync() == 1, () => shipper.Text);

        await transaction.CommitAsync();

        await UntilAllIsSentAsync(shipper);
        Assert.Equal([(1L, 2L), (2L, 1L)], (await StoredAsync()).Select(record => (record.Number, record.Payment)));
    }

    [SkippableFact]
    public async Task Of_two_shippers_one_waits_and_takes_over_when_the_other_dies()
    {
        await StartAsync();
        await using var first = Shipper();
        await Waiting.UntilAsync("the first ships", () => first.Text.Contains("outbox: shipping", StringComparison.Ordinal), () => first.Text);
        await using var second = Shipper();
        await PayAsync(7);
        await UntilAllIsSentAsync(first);
        Assert.DoesNotContain("stored", second.Text, StringComparison.Ordinal);

        await first.SignalAsync("KILL");
        await PayAsync(7);

        await UntilAllIsSentAsync(second);
        Assert.Matches("outbox: [0-9]+ to 12 are stored", second.Text);
    }

    [SkippableFact]
    public async Task A_record_that_the_ledger_refuses_stops_the_shipper_which_names_it_and_stores_those_before()
    {
        await StartAsync();
        await using (var connection = await OpenAsync())
        {
            await ExecuteAsync(connection, """insert into outbox (data) values ('{"payment": 1}')""");
            // More digits than a double has.
            await ExecuteAsync(connection, """insert into outbox (data) values ('{"payment": 12345678901234567890}')""");
            await ExecuteAsync(connection, """insert into outbox (data) values ('{"payment": 3}')""");
        }

        await using var shipper = Shipper();
        var ended = await shipper.EndAsync();

        Assert.True(ended.ExitCode == 1, ended.Text);
        Assert.Contains("outbox: the ledger refuses record 2 of the outbox: 4", ended.Error, StringComparison.Ordinal);
        Assert.Equal([1L], (await StoredAsync()).Select(record => record.Number));
    }

    private Dictionary<string, string?> Environment => new() { ["OUTBOX_DATABASE"] = _database };

    private async Task StartAsync()
    {
        _server = await DatabaseServer.StartAsync("postgresql", _scratch);
        _database = new NpgsqlConnectionStringBuilder
        {
            Host = "localhost",
            Port = _server.Port,
            Database = DatabaseServer.Database,
            Username = DatabaseServer.Master,
            Password = DatabaseServer.MasterPassword,
            SslMode = SslMode.VerifyFull,
            RootCertificate = _server.AuthorityPath,
            // A database of one test is soon gone, and its connections with it.
            Pooling = false,
        }.ConnectionString;
        var made = await Programs.RunAsync("dotnet", [Outbox, "init"], environment: Environment);
        Assert.True(made.Succeeded, made.Text);
        StartLedger();
    }

    private void StartLedger() => _ledger = RunningProgram.Start("dotnet", [Ledger, $"--listen=127.0.0.1:{_port}", $"--data={_data.Path}"]);

    private RunningProgram Shipper() => RunningProgram.Start("dotnet", [Outbox, "ship", "--ledger", $"http://127.0.0.1:{_port}"], environment: Environment);

    private async Task PayAsync(int count)
    {
        var paid = await Programs.RunAsync("dotnet", [Outbox, "pay", count.ToString(CultureInfo.InvariantCulture)], environment: Environment);
        Assert.True(paid.Succeeded, paid.Text);
    }

    private async Task<long> SentAsync() => (await ReadAsync<long>("select count(*) from outbox where sent_at is not null"))[0];

    private Task UntilAllIsSentAsync(RunningProgram shipper) => Waiting.UntilAsync(
        "all is stored",
        async () =>
        {
            Assert.False(shipper.HasEnded, shipper.Text);
            return (await ReadAsync<long>("select count(*) from outbox where sent_at is null"))[0] == 0;
        },
        () => shipper.Text);

    /// <summary>What is in the archive, in its order, after the ledger has found it intact.</summary>
    private async Task<IReadOnlyList<(long Number, long Payment)>> StoredAsync()
    {
        var archive = Path.Combine(_data.Path, "archive");
        await _ledger!.SignalAsync("TERM");
        await _ledger.EndAsync();
        var verified = await Programs.RunAsync("dotnet", [Ledger, "verify", archive]);
        Assert.True(verified.Succeeded, verified.Text);
        return
        [
            .. Directory.GetFiles(Path.Combine(archive, "segments", "payments")).Order(StringComparer.Ordinal).SelectMany(File.ReadLines)
                .Select(line => JsonDocument.Parse(line).RootElement).Where(entry => entry.TryGetProperty("data", out _))
                .Select(entry => (entry.GetProperty("producerSequence").GetInt64(), entry.GetProperty("data").GetProperty("payment").GetInt64())),
        ];
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(_database);
        await connection.OpenAsync();
        return connection;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<IReadOnlyList<T>> ReadAsync<T>(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
            rows.Add(reader.GetFieldValue<T>(0));
        return rows;
    }
}
