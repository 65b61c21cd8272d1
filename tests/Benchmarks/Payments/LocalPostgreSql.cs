using System.Globalization;

namespace HaCluster.Benchmarks.Payments;

/// <summary>A PostgreSQL of Debian's as it comes, which writes every commit to the disk.</summary>
internal sealed class LocalPostgreSql : IDisposable
{
    private const int BenchmarkSeconds = 10;
    private const int CommitsAlone = 1000;

    private readonly RunningProgram _process;
    private readonly int _port;
    private readonly string _folder;

    private LocalPostgreSql(RunningProgram process, int port, string folder) => (_process, _port, _folder) = (process, port, folder);

    /// <summary>Null when there is one.</summary>
    public static string? Missing =>
        PostgreSqlPrograms.Missing ?? (File.Exists(PathOf("pgbench")) ? null : "PostgreSQL with pgbench (apt-get install postgresql)");

    public string ConnectionString => $"Host=127.0.0.1;Port={_port};Username=postgres;Database=postgres;Maximum Pool Size=40";

    public static async Task<LocalPostgreSql> StartAsync(string parent)
    {
        var folder = Directory.CreateDirectory(Path.Combine(parent, "server")).FullName;
        var port = Waiting.FreePort();
        // Its user goes through the folder of another.
        await PostgreSqlPrograms.RunAsync(["chmod", "a+x", parent]);
        await PostgreSqlPrograms.GiveAsync(folder);
        var data = Path.Combine(folder, "data");
        await PostgreSqlPrograms.RunAsync(PostgreSqlPrograms.Command("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", data));
        var server = PostgreSqlPrograms.Command("postgres", "-D", data, "-p", $"{port}", "-h", "127.0.0.1", "-k", folder);
        var process = RunningProgram.Start(server[0], server[1..]);
        await Waiting.UntilAsync(
            "PostgreSQL answers",
            async () => process.HasEnded ? throw new InvalidOperationException(process.Text) : (await Programs.RunAsync(PathOf("pg_isready"), ["-h", "127.0.0.1", "-p", $"{port}", "-q"])).Succeeded,
            () => process.Text);
        return new LocalPostgreSql(process, port, folder);
    }

    /// <summary>What commits of one row take without the service, as pgbench measures it: how many by so many clients, and the 99th percentile of one client that makes them one after the other.</summary>
    public async Task<(double PerSecond, double P99)> InsertAsync(int clients)
    {
        var script = Path.Combine(_folder, "insert.sql");
        await File.WriteAllTextAsync(script, "insert into rows (body) values (repeat('x', 500));\n");
        await PostgreSqlPrograms.RunAsync([PathOf("psql"), "-h", "127.0.0.1", "-p", $"{_port}", "-U", "postgres", "-q", "-c", "create table rows (id bigint generated always as identity primary key, body text not null)"]);
        var log = Path.Combine(_folder, "alone");
        await BenchmarkAsync(script, "-c", "1", "-t", $"{CommitsAlone}", "-l", $"--log-prefix={log}");
        // The third column of the log is the time that a transaction took, in microseconds.
        var times = Directory.GetFiles(_folder, "alone.*").SelectMany(File.ReadLines).Select(line => double.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture) / 1e6).Order().ToArray();
        var said = await BenchmarkAsync(script, "-c", $"{clients}", "-T", $"{BenchmarkSeconds}");
        var line = said.Split('\n').Single(one => one.StartsWith("tps = ", StringComparison.Ordinal));
        return (double.Parse(line["tps = ".Length..].Split(' ')[0], CultureInfo.InvariantCulture), times[times.Length * 99 / 100]);
    }

    public void Dispose() => _process.Dispose();

    private Task<string> BenchmarkAsync(string script, params string[] how) =>
        PostgreSqlPrograms.RunAsync([PathOf("pgbench"), "-h", "127.0.0.1", "-p", $"{_port}", "-U", "postgres", "-n", "-f", script, .. how, "postgres"]);

    private static string PathOf(string program) => $"{PostgreSqlPrograms.Folder}/{program}";
}
