using System.Text.Json;
using HaCluster.Stack.Databases.Users;
using HaCluster.Stack.Settings.Databases;
using HaCluster.Stack.Tests.Graph;

namespace HaCluster.Stack.Tests.Databases;

public class DatabaseUserTests
{
    private const string Settings =
        """{"namespaces":{"web-shop":{"reach":["data"]}},"databases":{"mysql":{"enabled":false},"postgresql":{"rotationDays":30,"namespaces":["payments","web-shop"]}}}""";

    [Theory]
    [InlineData("payments", "app_payments", "app_payments")]
    [InlineData("web-shop", "app_web_shop", "app_web_shop")]
    [InlineData("mysql", "app_mysql", "app_mysql")]
    public void Names_begin_so_that_none_is_a_name_of_the_engine(string owner, string user, string database)
    {
        Assert.Equal(user, DatabaseUser.NameOf(owner));
        Assert.Equal(database, DatabaseUser.OwnDatabase("app", owner));
    }

    [Fact]
    public void Long_names_are_shortened_to_what_MySQL_takes_and_stay_apart()
    {
        var (first, second) = (new string('a', 62) + "b", new string('a', 62) + "c");

        Assert.All([first, second], owner =>
        {
            Assert.Matches(@"^app_[a-z0-9_]{1,26}\z", DatabaseUser.NameOf(owner));
            Assert.Matches(@"^[a-z0-9_]{1,63}\z", DatabaseUser.OwnDatabase(new string('d', 63), owner));
        });
        Assert.NotEqual(DatabaseUser.NameOf(first), DatabaseUser.NameOf(second));
        Assert.NotEqual(DatabaseUser.OwnDatabase("app", first), DatabaseUser.OwnDatabase("app", second));
    }

    [Fact]
    public async Task No_namespace_gets_the_master_user()
    {
        var resources = await DeclaredCluster.FromAsync("{}");

        foreach (var secret in resources.Of("kubernetes:external-secrets.io/v1:ExternalSecret").Where(secret => secret.Name is "payments-mysql" or "payments-postgresql"))
            Assert.EndsWith("-user-current", Assert.IsType<string>(secret.At("spec.dataFrom.0.extract.key")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_of_users_are_encrypted_with_the_key_of_databases_and_named_anew_each_time()
    {
        var secrets = (await DeclaredCluster.FromAsync(Settings)).Of("aws:secretsmanager/secret:Secret")
            .Where(secret => secret.Name.Contains("-user-", StringComparison.Ordinal)).ToArray();

        Assert.Equal(6, secrets.Length);
        Assert.All(secrets, secret =>
        {
            // What External Secrets and this cluster's other policies are held to begins like this.
            Assert.StartsWith("ha-cluster-test/databases/postgresql/", secret.Text("namePrefix"), StringComparison.Ordinal);
            Assert.Null(secret.At("name"));
            Assert.EndsWith("/databases", secret.Text("kmsKeyId"), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Users_are_made_by_a_job_before_anything_is_delivered_and_looked_after_every_night()
    {
        var resources = await DeclaredCluster.FromAsync(Settings);
        var job = resources.One("kubernetes:batch/v1:Job", "postgresql-users");
        var nightly = resources.One("kubernetes:batch/v1:CronJob", "postgresql-users");
        var config = resources.One("kubernetes:core/v1:ConfigMap", "postgresql-users");

        Assert.Equal(config.At("metadata.name"), job.At("metadata.name"));
        Assert.Equal("platform", job.At("metadata.namespace"));
        Assert.Equal("Forbid", nightly.At("spec.concurrencyPolicy"));
        foreach (var pod in new[] { job.Map("spec.template.spec"), nightly.Map("spec.jobTemplate.spec.template.spec") })
        {
            var steps = ((IEnumerable<object>)pod["initContainers"]).Concat((IEnumerable<object>)pod["containers"]).Cast<IReadOnlyDictionary<string, object>>().ToArray();
            Assert.Equal(["prepare", "apply", "publish"], steps.Select(step => step["name"]));
            Assert.All(steps, step => Assert.Matches(@":\d+\.\d+", (string)step["image"]));
        }

        // In memory: passwords never reach a disk.
        Assert.Contains("Memory", JsonSerializer.Serialize(job.At("spec.template.spec.volumes")), StringComparison.Ordinal);
        var lines = ((string)config.Map("data")[UserScripts.Users]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["app_payments", "app_web_shop"], lines.Select(line => line.Split(' ')[0]));
        Assert.All(lines, line => Assert.Equal("app", line.Split(' ')[^1]));
    }

    [Fact]
    public async Task The_job_reads_the_master_of_its_database_changes_its_users_and_reaches_the_proxy()
    {
        var resources = await DeclaredCluster.FromAsync(Settings);
        var statements = JsonDocument.Parse(resources.One("aws:iam/rolePolicy:RolePolicy", "postgresql-users").Text("policy"))
            .RootElement.GetProperty("Statement").EnumerateArray().ToDictionary(statement => statement.GetProperty("Sid").GetString()!);

        Assert.Equal("secret-of-postgresql", statements["ReadMaster"].GetProperty("Resource").GetString());
        Assert.Equal("secretsmanager:GetSecretValue", statements["ReadMaster"].GetProperty("Action").GetString());
        Assert.Equal(6, statements["ChangeUsers"].GetProperty("Resource").GetArrayLength());
        Assert.DoesNotContain("secret-of-", statements["ChangeUsers"].GetRawText(), StringComparison.Ordinal);

        var way = resources.One("kubernetes:networking.k8s.io/v1:NetworkPolicy", "postgresql-users");
        Assert.Equal("postgresql-users", way.Map("spec.podSelector.matchLabels")["app.kubernetes.io/name"]);
        Assert.Equal(5432d, Convert.ToDouble(way.At("spec.egress.0.ports.0.port"), null));
        Assert.Single(way.List("spec.egress.0.ports"));
    }

    [Fact]
    public async Task Without_namespaces_there_is_nothing_to_make()
    {
        var resources = await DeclaredCluster.FromAsync("""{"databases":{"mysql":{"enabled":false},"postgresql":{"namespaces":[]}}}""");

        Assert.DoesNotContain(resources, resource => resource.Name.Contains("postgresql-user", StringComparison.Ordinal));
        Assert.Equal("secret-of-postgresql", Assert.Single(resources.One("aws:rds/proxy:Proxy", "postgresql").List("auths").Cast<IReadOnlyDictionary<string, object>>())["secretArn"]);
    }

    [Fact]
    public void The_engines_do_not_share_their_statements() =>
        Assert.All(DatabaseEngine.All, engine => Assert.Equal(engine == DatabaseEngine.MySql, UserScripts.ApplyOf(engine).Contains("mysql.user", StringComparison.Ordinal)));
}
