using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using HaCluster.Stack.Settings.Databases;
using HaCluster.Workloads.Tests.Chains;

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

    private RunningProgram? _server;

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
    }

    public abstract DatabaseEngine Engine { get; }

    public int Port { get; } = Waiting.FreePort();

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
        if (_server is not null)
            await _server.DisposeAsync();
    }

    protected abstract Task StartAsync();

    protected void Run(string program, IEnumerable<string> arguments) =>
        _server = RunningProgram.Start("/bin/sh", ["-c", $"exec \"$@\" > '{LogPath}' 2>&1", "sh", program, .. arguments]);

    /// <summary>Waits until the server lets someone in.</summary>
    protected Task UntilOpenAsync(Func<Task<(bool Done, string Output)>> ask) => Waiting.UntilAsync(
        "the database server is open", async () => (await ask()).Done, () => File.Exists(LogPath) ? File.ReadAllText(LogPath) : "");

    protected static async Task<(bool Done, string Output)> ClientAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string input = "")
    {
        var ended = await Programs.RunAsync(program, arguments, environment: environment.ToDictionary(variable => variable.Key, variable => (string?)variable.Value), input: input);
        return (ended.Succeeded, ended.Text);
    }
}
