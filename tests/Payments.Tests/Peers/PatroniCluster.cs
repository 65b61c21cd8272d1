using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace HaCluster.Payments.Tests.Peers;

/// <summary>
/// Three nodes of PostgreSQL under Debian's Patroni, with an etcd beside them. A commit returns when a second node has it (strict synchronous mode), and only a node that has every commit becomes the leader. Nothing in
/// front of them: a client knows all three addresses.
/// </summary>
internal sealed class PatroniCluster : IAsyncDisposable
{
    private const string Needed = "needs Patroni and etcd: apt-get install patroni etcd-server (bash tests/all gets them)";

    /// <summary>Seconds after which a leader that says nothing has lost its place.</summary>
    private const int TimeToLive = 20;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ha-payments-patroni-");
    private readonly Node[] _nodes = [.. Enumerable.Range(1, 3).Select(number => new Node($"node{number}", Waiting.FreePort(), Waiting.FreePort()))];
    private readonly int _etcdPort = Waiting.FreePort();
    private readonly HttpClient _http = new() { Timeout = Waiting.Limit };
    private RunningProgram? _etcd;

    private PatroniCluster()
    {
    }

    /// <summary>Of all nodes: whoever opens a connection finds the one that takes writes.</summary>
    public string ConnectionString => $"Host={string.Join(',', _nodes.Select(node => $"127.0.0.1:{node.Port}"))};Username=postgres;Database=postgres;Maximum Pool Size=20;Target Session Attributes=read-write;Host Recheck Seconds=1;Timeout=3";

    public string Log => string.Join('\n', _nodes.Select(node => $"{node.Name}:\n{string.Join('\n', (node.Program?.Text ?? "").Split('\n').TakeLast(15))}"));

    public static async Task<PatroniCluster> StartAsync()
    {
        Skip.If(Programs.Find("patroni") is null || Programs.Find("etcd") is null, Needed);
        Skip.If(PostgreSqlPrograms.Missing is not null, PostgreSqlPrograms.Missing);
        var cluster = new PatroniCluster();
        try
        {
            await cluster.StartNodesAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>As an operator does it before maintenance.</summary>
    public async Task SwitchOverAsync()
    {
        var standby = (await MemberAsync("sync_standby"))!;
        var ended = await Programs.RunAsync("patronictl", ["-c", ConfigurationOf(standby), "switchover", "--candidate", standby.Name, "--force", "payments"]);
        Assert.True(ended.Succeeded, ended.Text);
        await Waiting.UntilAsync("the standby leads", async () => (await MemberAsync("leader"))?.Name == standby.Name, () => Log);
        await WaitUntilWholeAsync();
    }

    /// <summary>Kills Patroni and PostgreSQL of the leader, as a loss of power does; returns when another node leads.</summary>
    /// <returns>The node that was killed.</returns>
    public async Task<string> KillLeaderAsync()
    {
        var leader = (await MemberAsync("leader"))!;
        await KillAsync(leader);
        await Waiting.UntilAsync("another node leads", async () => await MemberAsync("leader") is { } next && next != leader, () => Log);
        return leader.Name;
    }

    /// <summary>Starts a node again that was killed, and waits until it follows the leader with what the others have.</summary>
    public async Task StartAgainAsync(string name)
    {
        Start(_nodes.Single(node => node.Name == name));
        await WaitUntilWholeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await KillAsync(node);
        if (_etcd is not null)
            await _etcd.DisposeAsync();
        _http.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task StartNodesAsync()
    {
        await PostgreSqlPrograms.GiveAsync(_folder.FullName);
        var (client, peer) = ($"http://127.0.0.1:{_etcdPort}", $"http://127.0.0.1:{Waiting.FreePort()}");
        _etcd = RunningProgram.Start(
            "etcd",
            [
                "--data-dir", Path.Combine(_folder.FullName, "etcd"), "--listen-client-urls", client, "--advertise-client-urls", client, "--listen-peer-urls", peer,
                "--initial-advertise-peer-urls", peer, "--initial-cluster", $"default={peer}",
            ]);
        await Waiting.UntilAsync("etcd answers", async () => (await _http.GetAsync(new Uri($"{client}/health"))).IsSuccessStatusCode, () => _etcd.Text);
        foreach (var node in _nodes)
        {
            await File.WriteAllTextAsync(ConfigurationOf(node), Describe(node));
            Start(node);
        }

        await WaitUntilWholeAsync();
    }

    private Task WaitUntilWholeAsync() => Waiting.UntilAsync(
        "a leader, a synchronous standby and a third node run",
        async () =>
        {
            var members = await MembersAsync();
            return members.Length == _nodes.Length && members.All(member => member.State is "running" or "streaming") && members.Count(member => member.Role == "sync_standby") == 1
                && members.SingleOrDefault(member => member.Role == "leader").Name is { } leader && await FollowersAsync(_nodes.Single(node => node.Name == leader)) == _nodes.Length - 1;
        },
        () => Log);

    private static async Task<long> FollowersAsync(Node leader)
    {
        try
        {
            await using var connection = new NpgsqlConnection($"{PostgreSql.ConnectionString(leader.Port, "postgres")};Pooling=false");
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("select count(*) from pg_stat_replication where state = 'streaming'", connection);
            return (long)(await command.ExecuteScalarAsync())!;
        }
        catch (NpgsqlException)
        {
            return 0;
        }
    }

    private async Task<Node?> MemberAsync(string role) => (await MembersAsync()).FirstOrDefault(member => member.Role == role).Name is { } name ? _nodes.Single(node => node.Name == name) : null;

    /// <summary>As any node that lives says.</summary>
    private async Task<(string Name, string Role, string State)[]> MembersAsync()
    {
        foreach (var node in _nodes)
        {
            try
            {
                using var cluster = JsonDocument.Parse(await _http.GetStringAsync(new Uri($"http://127.0.0.1:{node.Api}/cluster")));
                return [.. cluster.RootElement.GetProperty("members").EnumerateArray().Select(member => (Text(member, "name"), Text(member, "role"), Text(member, "state")))];
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                // Another one.
            }
        }

        return [];
    }

    private static string Text(JsonElement member, string name) => member.GetProperty(name).GetString()!;

    private void Start(Node node)
    {
        var command = PostgreSqlPrograms.AsUser(Programs.Find("patroni")!, ConfigurationOf(node));
        node.Program = RunningProgram.Start(command[0], command[1..], _folder.FullName);
    }

    private async Task KillAsync(Node node)
    {
        if (node.Program is null)
            return;
        await node.Program.DisposeAsync();
        node.Program = null;
        // PostgreSQL outlives Patroni, and its children end without it.
        var file = Path.Combine(DataOf(node), "postmaster.pid");
        if (!File.Exists(file))
            return;
        try
        {
            using var server = Process.GetProcessById(int.Parse((await File.ReadAllLinesAsync(file))[0], CultureInfo.InvariantCulture));
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync();
        }
        catch (ArgumentException)
        {
            // It has ended already.
        }
    }

    private string ConfigurationOf(Node node) => Path.Combine(_folder.FullName, $"{node.Name}.yml");

    private string DataOf(Node node) => Path.Combine(_folder.FullName, node.Name);

    private string Describe(Node node) => $"""
        scope: payments
        name: {node.Name}
        restapi:
          listen: 127.0.0.1:{node.Api}
          connect_address: 127.0.0.1:{node.Api}
        etcd3:
          hosts: 127.0.0.1:{_etcdPort}
        bootstrap:
          dcs:
            ttl: {TimeToLive}
            loop_wait: 1
            retry_timeout: 5
            synchronous_mode: true
            synchronous_mode_strict: true
            postgresql:
              use_pg_rewind: true
              parameters:
                fsync: "off"
                shared_buffers: 32MB
                max_connections: 100
          initdb:
          - encoding: UTF8
          - locale: C
          - data-checksums
          pg_hba:
          - host all all 127.0.0.1/32 trust
          - host replication all 127.0.0.1/32 trust
        postgresql:
          listen: 127.0.0.1:{node.Port}
          connect_address: 127.0.0.1:{node.Port}
          data_dir: {DataOf(node)}
          bin_dir: {PostgreSqlPrograms.Folder}
          pgpass: {Path.Combine(_folder.FullName, $"{node.Name}.pgpass")}
          authentication:
            superuser:
              username: postgres
            replication:
              username: postgres
          parameters:
            unix_socket_directories: {_folder.FullName}
        """;

    private sealed record Node(string Name, int Port, int Api)
    {
        public RunningProgram? Program { get; set; }
    }
}
