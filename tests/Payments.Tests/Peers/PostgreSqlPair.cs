using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace HaCluster.Payments.Tests.Peers;

/// <summary>
/// A primary of PostgreSQL and a standby that confirms every commit, behind one address that leads to the one that writes, like the writer endpoint of Aurora or the service of an operator. The test promotes the
/// standby itself.
/// </summary>
internal sealed class PostgreSqlPair : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly RunningProgram _primary;
    private readonly RunningProgram _standby;
    private readonly int _standbyPort;
    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private int _writer;

    private PostgreSqlPair(DirectoryInfo folder, RunningProgram primary, RunningProgram standby, int primaryPort, int standbyPort)
    {
        (_folder, _primary, _standby, _writer, _standbyPort) = (folder, primary, standby, primaryPort, standbyPort);
        _listener.Start();
        _ = AcceptAsync();
    }

    public string ConnectionString => PostgreSql.ConnectionString(((IPEndPoint)_listener.LocalEndpoint).Port, "postgres");

    public static async Task<PostgreSqlPair> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("ha-payments-pair-");
        var (primaryPort, standbyPort) = (Waiting.FreePort(), Waiting.FreePort());
        var primary = await PostgreSql.StartServerAsync(folder, "primary", primaryPort);
        await PostgreSqlPrograms.RunAsync(PostgreSqlPrograms.Command("pg_basebackup", "-h", "127.0.0.1", "-p", $"{primaryPort}", "-U", "postgres", "-D", Path.Combine(folder.FullName, "standby"), "-R", "-X", "stream", "--checkpoint=fast"));
        var standby = await PostgreSql.StartServerAsync(folder, "standby", standbyPort);
        // From here on a commit returns when the standby has it.
        await ExecuteAsync(primaryPort, "alter system set synchronous_standby_names = '*'");
        await ExecuteAsync(primaryPort, "select pg_reload_conf()");
        await Waiting.UntilAsync("the standby is synchronous", async () => await ExecuteAsync(primaryPort, "select count(*) from pg_stat_replication where sync_state = 'sync'") is 1L);
        return new PostgreSqlPair(folder, primary, standby, primaryPort, standbyPort);
    }

    /// <summary>Kills the primary as a loss of power does, promotes the standby, and lets the address lead there.</summary>
    public async Task FailOverAsync()
    {
        await _primary.DisposeAsync();
        await ExecuteAsync(_standbyPort, "select pg_promote(true)");
        // Nobody confirms to the one that is left.
        await ExecuteAsync(_standbyPort, "alter system set synchronous_standby_names = ''");
        await ExecuteAsync(_standbyPort, "select pg_reload_conf()");
        Volatile.Write(ref _writer, _standbyPort);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        NpgsqlConnection.ClearAllPools();
        await _primary.DisposeAsync();
        await _standby.DisposeAsync();
        _stop.Dispose();
        _folder.Delete(recursive: true);
    }

    private static async Task<object?> ExecuteAsync(int port, string sql)
    {
        await using var connection = new NpgsqlConnection($"{PostgreSql.ConnectionString(port, "postgres")};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ForwardAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using var server = new TcpClient();
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, Volatile.Read(ref _writer), _stop.Token);
            await Task.WhenAny(client.GetStream().CopyToAsync(server.GetStream(), _stop.Token), server.GetStream().CopyToAsync(client.GetStream(), _stop.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or IOException)
        {
            // The connection of the client ends with that of the server.
        }
        finally
        {
            client.Dispose();
        }
    }
}
