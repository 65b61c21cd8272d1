namespace HaCluster.Workloads.Tests.Databases;

/// <summary>The scripts that make the users of a database, on a real server. The engines wait beside each other.</summary>
public abstract class UserScriptTests(string engine) : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose()
    {
        _scratch.Dispose();
        GC.SuppressFinalize(this);
    }

    [SkippableFact]
    public async Task Each_namespace_has_a_user_that_reaches_what_is_its_own_and_nothing_else()
    {
        await using var server = await DatabaseServer.StartAsync(engine, _scratch);
        var run = new UserScriptRun(_scratch, server);

        var (done, output) = await run.RunAsync("payments", "web-shop");

        Assert.True(done, output);
        Assert.Equal("app_payments_a", run.Delivered("payments")?.User);
        Assert.Equal("app_web_shop_a", run.Delivered("web-shop")?.User);
        await AllowedAsync(server, run, "payments", "create table ledger (amount integer); insert into ledger values (7); alter table ledger add note varchar(9)");
        await AllowedAsync(server, run, "web-shop", "create table ledger (amount integer)");
        Assert.Contains("7", await AllowedAsync(server, run, "payments", "select amount from ledger"), StringComparison.Ordinal);

        var foreign = engine == "mysql" ? "app_payments.ledger" : "app_payments.ledger";
        foreach (var statement in new[]
        {
            $"select * from {foreign}", $"drop table {foreign}", "create role intruder", "create database other",
            engine == "mysql" ? "create table app.intruder (x integer)" : "create table public.intruder (x integer)",
            engine == "mysql" ? "select * from mysql.user" : "select * from pg_authid",
            engine == "mysql" ? "set password for dbadmin@'%' = password('x')" : "alter role dbadmin password 'x'",
            engine == "mysql" ? "grant select on app_web_shop.* to app_payments_a@'%'" : "set role dbadmin",
        })
        {
            await RefusedAsync(server, run, "web-shop", statement);
        }
    }

    [SkippableFact]
    public async Task A_rotation_leaves_the_former_login_valid_and_both_share_everything()
    {
        await using var server = await DatabaseServer.StartAsync(engine, _scratch);
        var run = new UserScriptRun(_scratch, server);
        await run.RunAsync("payments");
        var first = run.Delivered("payments")!.Value;
        await AllowedAsync(server, run, "payments", "create table ledger (amount integer)");

        run.RotationSeconds = 0;
        var (done, output) = await run.RunAsync("payments");

        Assert.True(done, output);
        var second = run.Delivered("payments")!.Value;
        Assert.Equal("app_payments_b", second.User);
        Assert.NotEqual(first.Password, second.Password);
        await AllowedAsync(server, run, "payments", "alter table ledger add note varchar(9)");
        Assert.True((await server.QueryAsync(first.User, first.Password, UserScriptRun.DatabaseOf(server, "payments"), "insert into ledger values (1, 'x')")).Done);

        // Only the next one ends it.
        (done, output) = await run.RunAsync("payments");
        Assert.True(done, output);
        Assert.Equal("app_payments_a", run.Delivered("payments")?.User);
        Assert.False((await server.QueryAsync(first.User, first.Password, UserScriptRun.DatabaseOf(server, "payments"), "select 1")).Done);
        Assert.True((await server.QueryAsync(second.User, second.Password, UserScriptRun.DatabaseOf(server, "payments"), "select 1")).Done);
    }

    [SkippableFact]
    public async Task Before_it_is_due_nothing_changes_but_what_a_restored_database_has_forgotten()
    {
        await using var server = await DatabaseServer.StartAsync(engine, _scratch);
        var run = new UserScriptRun(_scratch, server);
        await run.RunAsync("payments");
        var delivered = run.Delivered("payments")!.Value;

        Assert.True((await run.RunAsync("payments")).Done);
        Assert.Equal(delivered, run.Delivered("payments"));

        var forgotten = engine == "mysql" ? "alter user 'app_payments_a'@'%' identified by 'other'" : "alter role app_payments_a password 'other'";
        Assert.True((await server.QueryAsMasterAsync(forgotten)).Done);
        var (done, output) = await run.RunAsync("payments");

        Assert.True(done, output);
        Assert.Equal(delivered, run.Delivered("payments"));
        await AllowedAsync(server, run, "payments", "select 1");
    }

    [SkippableFact]
    public async Task A_namespace_that_is_taken_off_the_list_is_locked_out_until_it_is_back()
    {
        await using var server = await DatabaseServer.StartAsync(engine, _scratch);
        var run = new UserScriptRun(_scratch, server);
        await run.RunAsync("payments", "web-shop");
        await AllowedAsync(server, run, "web-shop", "create table kept (x integer)");

        Assert.True((await run.RunAsync("payments")).Done);
        await RefusedAsync(server, run, "web-shop", "select 1");
        await AllowedAsync(server, run, "payments", "select 1");

        var (done, output) = await run.RunAsync("payments", "web-shop");
        Assert.True(done, output);
        await AllowedAsync(server, run, "web-shop", "select * from kept");
    }

    [SkippableFact]
    public async Task Nothing_is_delivered_that_has_not_been_let_in()
    {
        await using var server = await DatabaseServer.StartAsync(engine, _scratch);
        using var stranger = new Chains.Authority();
        var run = new UserScriptRun(_scratch, server) { Authorities = _scratch.Write("stranger.crt", stranger.Pem) };

        // A server whose certificate nobody known vouches for gets no password, and so nobody is let in.
        Assert.False((await run.RunAsync("payments")).Done);
        Assert.Null(run.Delivered("payments"));

        // A secret that may not be read is not taken for one without a value.
        run.Authorities = null;
        run.Refuse("payments-current");
        var (done, output) = await run.RunAsync("payments");
        Assert.False(done);
        Assert.Contains("AccessDeniedException", output, StringComparison.Ordinal);
        Assert.Null(run.Delivered("payments"));
    }

    [SkippableFact]
    public async Task Neither_the_scripts_nor_the_server_write_a_password_down()
    {
        await using var server = await DatabaseServer.StartAsync(engine, _scratch);
        var run = new UserScriptRun(_scratch, server);

        var (_, output) = await run.RunAsync("payments");

        var password = run.Delivered("payments")!.Value.Password;
        Assert.Equal(40, password.Length);
        Assert.DoesNotContain(password, output, StringComparison.Ordinal);
        var log = await File.ReadAllTextAsync(server.LogPath);
        Assert.DoesNotContain(password, log, StringComparison.Ordinal);
        if (engine == "postgresql")
            Assert.Contains("SCRAM-SHA-256$", log, StringComparison.Ordinal);
    }

    private static async Task<string> AllowedAsync(DatabaseServer server, UserScriptRun run, string owner, string sql)
    {
        var (user, password) = run.Delivered(owner)!.Value;
        var (done, output) = await server.QueryAsync(user, password, UserScriptRun.DatabaseOf(server, owner), sql);
        Assert.True(done, $"{sql}: {output}");
        return output;
    }

    private static async Task RefusedAsync(DatabaseServer server, UserScriptRun run, string owner, string sql)
    {
        var (user, password) = run.Delivered(owner)!.Value;
        Assert.False((await server.QueryAsync(user, password, UserScriptRun.DatabaseOf(server, owner), sql)).Done, sql);
    }
}

public sealed class PostgreSqlUserScriptTests() : UserScriptTests("postgresql");

public sealed class MySqlUserScriptTests() : UserScriptTests("mysql");
