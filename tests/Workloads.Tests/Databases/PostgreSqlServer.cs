using HaCluster.Stack.Settings.Databases;

namespace HaCluster.Workloads.Tests.Databases;

/// <summary>PostgreSQL, which writes every DDL statement to its log, as the databases of the stack do.</summary>
internal sealed class PostgreSqlServer(Scratch scratch) : DatabaseServer(scratch)
{
    private const string Superuser = "postgres";

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
        $"{PostgreSqlPrograms.Folder}/psql",
        ["--no-psqlrc", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1", "--command", sql],
        new Dictionary<string, string>(Environment) { ["PGUSER"] = user, ["PGPASSWORD"] = password, ["PGDATABASE"] = database, ["PGSSLROOTCERT"] = AuthorityPath });

    protected override async Task StartAsync()
    {
        Skip.If(PostgreSqlPrograms.Missing is not null, PostgreSqlPrograms.Missing);
        var data = Path.Combine(Scratch.Path, "data");
        var password = Scratch.Write("superuser", "superuser");
        await PostgreSqlPrograms.GiveAsync(Scratch.Path, withContent: true);
        await PostgreSqlPrograms.RunAsync(PostgreSqlPrograms.Command("initdb", "--auth=scram-sha-256", $"--username={Superuser}", $"--pwfile={password}", "--no-sync", data));
        var server = PostgreSqlPrograms.Command(
            "postgres", "-D", data, "-p", PortText, "-h", "localhost", "-k", Scratch.Path, "-c", "fsync=off",
            "-c", "ssl=on", "-c", $"ssl_cert_file={CertificatePath}", "-c", $"ssl_key_file={KeyPath}", "-c", "log_statement=ddl");
        Run(server[0], server[1..]);
        await UntilOpenAsync(() => QueryAsync(Superuser, "superuser", Superuser, "select 1"));
        foreach (var sql in new[]
        {
            // As on Aurora: it makes roles and databases, and is no superuser.
            $"create role {Master} login createrole createdb password '{MasterPassword.Replace("'", "''", StringComparison.Ordinal)}'",
            $"create database {Database} owner {Master}",
        })
        {
            var (done, output) = await QueryAsync(Superuser, "superuser", Superuser, sql);
            Assert.True(done, output);
        }
    }
}
