using HaCluster.Stack.Settings.Databases;
using HaCluster.Workloads.Tests.Peers;

namespace HaCluster.Workloads.Tests.Databases;

/// <summary>PostgreSQL, which writes every DDL statement to its log, as the databases of the stack do.</summary>
internal sealed class PostgreSqlServer(Scratch scratch) : DatabaseServer(scratch)
{
    private const string Superuser = "postgres";

    // It refuses to run as root. This user is there on every system.
    private const string Unprivileged = "nobody";

    // Debian keeps the programs of each major version apart, and off the PATH.
    private static readonly string? Folder = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Select(folder => $"{folder}/bin").LastOrDefault(folder => File.Exists($"{folder}/initdb"))
        : Path.GetDirectoryName(Programs.Find("initdb"));

    public override DatabaseEngine Engine => DatabaseEngine.PostgreSql;

    public override IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["PGHOST"] = "localhost",
        ["PGPORT"] = PortText,
        ["PGDATABASE"] = Database,
        ["PGSSLMODE"] = "verify-full",
        ["PGSSLROOTCERT"] = Path.Combine(Scratch.Path, "work", "authorities.crt"),
    };

    public override Task<(bool Done, string Output)> QueryAsync(string user, string password, string database, string sql) => ClientAsync(
        $"{Folder}/psql",
        ["--no-psqlrc", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1", "--command", sql],
        new Dictionary<string, string>(Environment) { ["PGUSER"] = user, ["PGPASSWORD"] = password, ["PGDATABASE"] = database, ["PGSSLROOTCERT"] = AuthorityPath });

    protected override async Task StartAsync()
    {
        Skip.If(Folder is null, "needs initdb: apt-get install postgresql");
        var data = Path.Combine(Scratch.Path, "data");
        var password = Scratch.Write("superuser", "superuser");
        var isRoot = System.Environment.UserName == "root";
        if (isRoot)
            await ClientAsync("chown", ["-R", Unprivileged, Scratch.Path], new Dictionary<string, string>());

        string[] user = isRoot ? ["setpriv", $"--reuid={Unprivileged}", "--clear-groups"] : [];
        string[] initialise = [.. user, $"{Folder}/initdb", "--auth=scram-sha-256", $"--username={Superuser}", $"--pwfile={password}", "--no-sync", data];
        var (done, output) = await ClientAsync(initialise[0], initialise[1..], new Dictionary<string, string>());
        Assert.True(done, output);
        string[] server =
        [
            .. user, $"{Folder}/postgres", "-D", data, "-p", PortText, "-h", "localhost", "-k", Scratch.Path, "-c", "fsync=off",
            "-c", "ssl=on", "-c", $"ssl_cert_file={CertificatePath}", "-c", $"ssl_key_file={KeyPath}", "-c", "log_statement=ddl",
        ];
        Run(server[0], server[1..]);
        await UntilOpenAsync(() => QueryAsync(Superuser, "superuser", Superuser, "select 1"));
        foreach (var sql in new[]
        {
            // As on Aurora: it makes roles and databases, and is no superuser.
            $"create role {Master} login createrole createdb password '{MasterPassword.Replace("'", "''", StringComparison.Ordinal)}'",
            $"create database {Database} owner {Master}",
        })
        {
            (done, output) = await QueryAsync(Superuser, "superuser", Superuser, sql);
            Assert.True(done, output);
        }
    }
}
