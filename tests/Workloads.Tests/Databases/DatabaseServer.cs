using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using HaCluster.Stack.Settings.Databases;
using HaCluster.Workloads.Tests.Chains;
using HaCluster.Workloads.Tests.Peers;

namespace HaCluster.Workloads.Tests.Databases;

/// <summary>
/// A real database server of Debian on the loopback, with TLS, a master user who is no superuser, and an empty database <c>app</c>. PostgreSQL is
/// what Aurora PostgreSQL is made of; for MySQL, which Debian does not have, MariaDB is the nearest.
/// </summary>
internal abstract class DatabaseServer : IAsyncDisposable
{
    public const string Master = "dbadmin";

    /// <summary>As RDS may make one up: what options files and shells must not misread is in it.</summary>
    public const string MasterPassword = """p"a\s's#w$(x) `y`""";

    public const string Database = "app";

    private Process? _process;

    protected DatabaseServer(Scratch scratch)
    {
        Scratch = scratch;
        using var authority = new Authority();
        var certificate = authority.Issue("localhost");
        AuthorityPath = scratch.Write("authority.crt", authority.Pem);
        CertificatePath = scratch.Write("server/server.crt", certificate.ExportCertificatePem());
        KeyPath = scratch.Write("server/server.key", certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public abstract DatabaseEngine Engine { get; }

    public int Port { get; }

    public string AuthorityPath { get; }

    /// <summary>What the scripts are told of it, as in the pod.</summary>
    public abstract IReadOnlyDictionary<string, string> Environment { get; }

    public string LogPath => Path.Combine(Scratch.Path, "server.log");

    protected Scratch Scratch { get; }

    protected string CertificatePath { get; }

    protected string KeyPath { get; }

    protected string PortText => Port.ToString(CultureInfo.InvariantCulture);

    public static async Task<DatabaseServer> StartAsync(string engine, Scratch scratch)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "needs Linux: servers of Debian");
        DatabaseServer server = engine == "mysql" ? new MariaDbServer(scratch) : new PostgreSqlServer(scratch);
        await server.StartAsync();
        return server;
    }

    /// <summary>Runs a statement.</summary>
    /// <returns>Whether it was allowed, and what the client printed.</returns>
    public abstract Task<(bool Done, string Output)> QueryAsync(string user, string password, string database, string sql);

    public Task<(bool Done, string Output)> QueryAsMasterAsync(string sql) => QueryAsync(Master, MasterPassword, Database, sql);

    public async ValueTask DisposeAsync()
    {
        if (_process is null)
            return;
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    protected abstract Task StartAsync();

    protected void Run(string program, IEnumerable<string> arguments)
    {
        _process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"exec \"$@\" > '{LogPath}' 2>&1", "sh", program, .. arguments]))!;
    }

    protected static async Task<(bool Done, string Output)> ClientAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string input = "")
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode == 0, await output + await errors);
    }
}
