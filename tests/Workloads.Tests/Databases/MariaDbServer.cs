using HaCluster.Stack.Settings.Databases;
using HaCluster.Workloads.Tests.Peers;

namespace HaCluster.Workloads.Tests.Databases;

/// <summary>MariaDB in the place of MySQL: the same statements, other names of the client's options for TLS.</summary>
internal sealed class MariaDbServer(Scratch scratch) : DatabaseServer(scratch)
{
    public override DatabaseEngine Engine => DatabaseEngine.MySql;

    public override IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["DATABASE_HOST"] = "localhost",
        ["DATABASE_PORT"] = PortText,
        ["CLIENT_OPTIONS"] = $"--protocol=tcp --ssl --ssl-verify-server-cert --ssl-ca={Path.Combine(Scratch.Path, "work", "authorities.crt")}",
    };

    private string Socket => Path.Combine(Scratch.Path, "socket");

    public override Task<(bool Done, string Output)> QueryAsync(string user, string password, string database, string sql) => ClientAsync(
        Tool.MariaDb.Require(),
        [
            "--no-defaults", "--protocol=tcp", "--host=localhost", $"--port={PortText}", $"--user={user}", "--ssl", "--ssl-verify-server-cert",
            $"--ssl-ca={AuthorityPath}", "--batch", "--skip-column-names", $"--execute={sql}", database,
        ],
        new Dictionary<string, string> { ["MYSQL_PWD"] = password });

    protected override async Task StartAsync()
    {
        var server = Tool.MariaDbServer.Require();
        Tool.MariaDb.Require();
        var data = Path.Combine(Scratch.Path, "data");
        var none = new Dictionary<string, string>();
        var user = $"--user={System.Environment.UserName}";
        var (done, output) = await ClientAsync("mariadb-install-db", ["--no-defaults", $"--datadir={data}", user, "--auth-root-authentication-method=normal", "--skip-test-db"], none);
        Assert.True(done, output);
        Run(server,
        [
            "--no-defaults", $"--datadir={data}", user, "--bind-address=127.0.0.1", $"--port={PortText}", $"--socket={Socket}", "--skip-name-resolve=0",
            $"--ssl-cert={CertificatePath}", $"--ssl-key={KeyPath}", $"--ssl-ca={AuthorityPath}", "--require-secure-transport=ON", $"--pid-file={Scratch.Path}/pid",
        ]);
        await UntilOpenAsync(() => AsRootAsync("select 1"));
        (done, output) = await AsRootAsync(
            $"""
            create database {Database};
            create user {Master}@'%' identified by '{MasterPassword.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}';
            grant all privileges on *.* to {Master}@'%' with grant option;
            revoke super on *.* from {Master}@'%';
            """);
        Assert.True(done, output);
    }

    private Task<(bool Done, string Output)> AsRootAsync(string sql) => ClientAsync(
        Tool.MariaDb.Require(), ["--no-defaults", $"--socket={Socket}", "--user=root", "--batch"], new Dictionary<string, string>(), sql);
}
