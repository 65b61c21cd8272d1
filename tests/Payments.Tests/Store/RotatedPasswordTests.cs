using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Services;
using Npgsql;

namespace HaCluster.Payments.Tests.Store;

/// <summary>The login of the database changes while the service runs.</summary>
[Collection(StoreCollection.Name)]
public sealed class RotatedPasswordTests(PostgreSql postgreSql) : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [SkippableFact]
    public async Task The_next_connection_is_made_with_the_login_that_the_file_has_now()
    {
        var master = await postgreSql.CreateAsync();
        await ExecuteAsync(master, "drop role if exists rotated_a; drop role if exists rotated_b; create role rotated_a login; create role rotated_b login");
        var file = _scratch.At("connection");
        await File.WriteAllTextAsync(file, As(master, "rotated_a"));
        string Read() => PostgreSqlDatabase.Check(File.ReadAllText(file));
        var setting = new Reloaded<string>("--database", Read(), Read, _ => [file]);
        setting.Reload();
        await using var database = new PostgreSqlDatabase(setting);
        Assert.Equal("rotated_a", await UserAsync(database));

        await File.WriteAllTextAsync(file, "Host=; not a connection string");
        Assert.Contains("is not a connection string", setting.Reload().Fault, StringComparison.Ordinal);
        Assert.Equal("rotated_a", await UserAsync(database));

        await File.WriteAllTextAsync(file, As(master, "rotated_b"));
        Assert.True(setting.Reload().HasChanged);
        await ExecuteAsync(master, "alter role rotated_a nologin");
        Assert.Equal("rotated_b", await UserAsync(database));
        // Many at once and the same pool afterwards.
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => UserAsync(database))), user => Assert.Equal("rotated_b", user));
    }

    [SkippableFact]
    public async Task Of_several_hosts_the_one_that_writes_is_taken_and_another_wish_is_refused()
    {
        var master = new NpgsqlConnectionStringBuilder(await postgreSql.CreateAsync());
        // The first does not answer.
        master.Host = $"127.0.0.1:{Waiting.FreePort()},127.0.0.1:{master.Port}";
        foreach (var wish in new[] { null, "read-write", "primary" })
        {
            master.TargetSessionAttributes = wish;
            await using var database = new PostgreSqlDatabase(master.ToString());
            await database.MigrateAsync(default);
            Assert.Equal("postgres", await UserAsync(database));
        }

        foreach (var wish in new[] { "standby", "any", "prefer-standby" })
        {
            master.TargetSessionAttributes = wish;
            Assert.Contains($"Target Session Attributes is {wish}, and the service writes", Assert.Throws<FormatException>(() => PostgreSqlDatabase.Check(master.ToString())).Message, StringComparison.Ordinal);
        }
    }

    private static string As(string connection, string user) => new NpgsqlConnectionStringBuilder(connection) { Username = user }.ToString();

    private static Task<string> UserAsync(Database database) => database.ReadAsync(session => session.GetAsync<string>("select current_user::text"));

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
