using System.Diagnostics;
using HaCluster.Payments.Store;
using Npgsql;

namespace HaCluster.Payments.Tests.Peers;

/// <summary>A PostgreSQL of Debian's on a port of the loopback; one for all tests, each of which gets a database of its own.</summary>
public sealed class PostgreSql : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ha-payments-postgresql-");
    private readonly int _port = Waiting.FreePort();
    private RunningProgram? _process;
    private int _databases;

    /// <summary>A new database.</summary>
    public async Task<string> CreateAsync()
    {
        Skip.If(PostgreSqlPrograms.Missing is not null, PostgreSqlPrograms.Missing);
        var name = $"payments{Interlocked.Increment(ref _databases)}";
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"create database {name}", connection);
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    public async Task InitializeAsync()
    {
        if (PostgreSqlPrograms.Missing is null)
            _process = await StartServerAsync(_folder, "data", _port);
    }

    /// <summary>Starts a server over a folder, which is made when it is not there.</summary>
    internal static async Task<RunningProgram> StartServerAsync(DirectoryInfo folder, string name, int port)
    {
        Skip.If(PostgreSqlPrograms.Missing is not null, PostgreSqlPrograms.Missing);
        await PostgreSqlPrograms.GiveAsync(folder.FullName);
        var data = Path.Combine(folder.FullName, name);
        if (!Directory.Exists(data))
            await PostgreSqlPrograms.RunAsync(PostgreSqlPrograms.Command("initdb", "--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8", "--locale=C", data));
        var server = PostgreSqlPrograms.Command("postgres", "-D", data, "-p", $"{port}", "-h", "127.0.0.1", "-k", folder.FullName, "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "autovacuum=off", "-c", "max_connections=200");
        var process = RunningProgram.Start(server[0], server[1..]);
        await Waiting.UntilAsync(
            "PostgreSQL answers",
            async () =>
            {
                Assert.False(process.HasEnded, process.Text);
                try
                {
                    await using var connection = new NpgsqlConnection(ConnectionString(port, "postgres"));
                    await connection.OpenAsync();
                    return true;
                }
                catch (NpgsqlException)
                {
                    return false;
                }
            },
            () => process.Text);
        return process;
    }

    public async Task DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_process is not null)
            await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    internal static string ConnectionString(int port, string database) => $"Host=127.0.0.1;Port={port};Username=postgres;Database={database};Maximum Pool Size=20";

    private string ConnectionString(string database) => ConnectionString(_port, database);
}

[CollectionDefinition(Name)]
public sealed class StoreCollection : ICollectionFixture<PostgreSql>
{
    public const string Name = "stores";
}

/// <summary>Which store a test runs on: every test of the store runs on both.</summary>
public enum StoreKind
{
    Sqlite,
    PostgreSql,
}

/// <summary>Stores of a test.</summary>
internal static class Stores
{
    public static async Task<Database> OpenAsync(StoreKind kind, Scratch scratch, PostgreSql postgreSql)
    {
        Database database = kind switch
        {
            StoreKind.Sqlite => new SqliteDatabase(scratch.At("payments.db")),
            StoreKind.PostgreSql => new PostgreSqlDatabase(await postgreSql.CreateAsync()),
            _ => throw new UnreachableException(),
        };
        await database.MigrateAsync(default);
        return database;
    }
}
