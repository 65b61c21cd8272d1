using System.Diagnostics;
using System.Globalization;

namespace HaCluster.Benchmarks.Payments;

/// <summary>A PostgreSQL of Debian's as it comes, which writes every commit to the disk.</summary>
internal sealed class LocalPostgreSql : IDisposable
{
    // It refuses to run as root. This user is there on every system.
    private const string Unprivileged = "nobody";

    private const int BenchmarkSeconds = 10;
    private const int CommitsAlone = 1000;

    private static readonly string? Programs = new[] { "/usr/lib/postgresql" }.Where(Directory.Exists).SelectMany(Directory.GetDirectories).Order(StringComparer.Ordinal)
        .Select(folder => Path.Combine(folder, "bin")).LastOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pgbench")));

    private readonly Process _process;
    private readonly int _port;
    private readonly string _folder;

    private LocalPostgreSql(Process process, int port, string folder) => (_process, _port, _folder) = (process, port, folder);

    /// <summary>Null when there is one.</summary>
    public static string? Missing => Programs is null ? "PostgreSQL with pgbench (apt-get install postgresql)" : null;

    public string ConnectionString => $"Host=127.0.0.1;Port={_port};Username=postgres;Database=postgres;Maximum Pool Size=40";

    public static async Task<LocalPostgreSql> StartAsync(string parent)
    {
        var folder = Directory.CreateDirectory(Path.Combine(parent, "server")).FullName;
        var port = AcceptingBenchmark.FreePort();
        if (Environment.UserName == "root")
        {
            Run("chmod", "a+x", parent);
            Run("chown", Unprivileged, folder);
        }

        var data = Path.Combine(folder, "data");
        Run([.. Command("initdb"), "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", data]);
        string[] server = [.. Command("postgres"), "-D", data, "-p", $"{port}", "-h", "127.0.0.1", "-k", folder];
        var started = new LocalPostgreSql(Process.Start(new ProcessStartInfo(server[0], server[1..]) { RedirectStandardError = true })!, port, folder);
        started._process.ErrorDataReceived += (_, _) => { };
        started._process.BeginErrorReadLine();
        for (var clock = Stopwatch.StartNew(); !Succeeds([Path.Combine(Programs!, "pg_isready"), "-h", "127.0.0.1", "-p", $"{port}", "-q"]); await Task.Delay(100))
        {
            if (started._process.HasExited || clock.Elapsed > TimeSpan.FromMinutes(1))
                throw new InvalidOperationException("PostgreSQL does not start");
        }

        return started;
    }

    /// <summary>What commits of one row take without the service, as pgbench measures it: how many by so many clients, and the 99th percentile of one client that makes them one after the other.</summary>
    public (double PerSecond, double P99) Insert(int clients)
    {
        var script = Path.Combine(_folder, "insert.sql");
        File.WriteAllText(script, "insert into rows (body) values (repeat('x', 500));\n");
        Run(Path.Combine(Programs!, "psql"), "-h", "127.0.0.1", "-p", $"{_port}", "-U", "postgres", "-q", "-c", "create table rows (id bigint generated always as identity primary key, body text not null)");
        var log = Path.Combine(_folder, "alone");
        Benchmark(script, "-c", "1", "-t", $"{CommitsAlone}", "-l", $"--log-prefix={log}");
        // The third column of the log is the time that a transaction took, in microseconds.
        var times = Directory.GetFiles(_folder, "alone.*").SelectMany(File.ReadLines).Select(line => double.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture) / 1e6).Order().ToArray();
        var said = Benchmark(script, "-c", $"{clients}", "-T", $"{BenchmarkSeconds}");
        var line = said.Split('\n').Single(one => one.StartsWith("tps = ", StringComparison.Ordinal));
        return (double.Parse(line["tps = ".Length..].Split(' ')[0], CultureInfo.InvariantCulture), times[times.Length * 99 / 100]);
    }

    private string Benchmark(string script, params string[] how) => Run([Path.Combine(Programs!, "pgbench"), "-h", "127.0.0.1", "-p", $"{_port}", "-U", "postgres", "-n", "-f", script, .. how, "postgres"]);

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static string[] Command(string program) =>
        [.. Environment.UserName == "root" ? ["setpriv", $"--reuid={Unprivileged}", "--clear-groups"] : Array.Empty<string>(), Path.Combine(Programs!, program)];

    private static bool Succeeds(string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(words[0], words[1..]))!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static string Run(params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true })!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? said : throw new InvalidOperationException($"{string.Join(' ', words)} ended with {process.ExitCode}");
    }
}
