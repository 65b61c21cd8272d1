using System.Globalization;
using System.Text.Json;
using HaCluster.Stack.Tests.Graph;

namespace HaCluster.Stack.Tests.Databases;

public class DatabaseTests
{
    private const string Cluster = "aws:rds/cluster:Cluster";
    private const string Instance = "aws:rds/clusterInstance:ClusterInstance";

    private static readonly string[] Engines = ["mysql", "postgresql"];

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    [InlineData(3, 5)]
    [InlineData(4, 3)]
    public async Task The_loss_of_any_zone_leaves_a_writer_or_a_reader_to_become_one(int zones, int readers)
    {
        var resources = await DeclaredCluster.FromAsync(
            $$$$"""{"zones":{{{{zones}}}},"databases":{"postgresql":{"readers":{{{{readers}}}}},"mysql":{"readers":{{{{readers}}}}}}}""");

        foreach (var engine in Engines)
        {
            var instances = InstancesOf(resources, engine);
            Assert.Equal(readers + 1, instances.Length);
            var placed = instances.Select(instance => instance.Text("availabilityZone")).ToArray();
            Assert.Equal(Math.Min(zones, readers + 1), placed.Distinct().Count());
            foreach (var lost in placed.Distinct())
                Assert.Contains(placed, zone => zone != lost);

            // The order of succession: the first reader, of another zone than the writer, comes before all others.
            var tiers = instances.Select(instance => Convert.ToInt32(instance.At("promotionTier"), CultureInfo.InvariantCulture));
            Assert.Equal([0, .. Enumerable.Range(0, readers)], tiers);
            Assert.Single(instances.Select(instance => instance.Text("instanceClass")).Distinct());
        }
    }

    [Fact]
    public async Task Data_is_encrypted_backed_up_and_hard_to_delete()
    {
        var resources = await DeclaredCluster.FromAsync("""{"databases":{"postgresql":{"backupRetentionDays":35}}}""");

        Assert.Equal(Engines, resources.Of(Cluster).Select(cluster => cluster.Name));
        Assert.All(resources.Of(Cluster), cluster =>
        {
            Assert.Equal(true, cluster.At("storageEncrypted"));
            Assert.EndsWith("/databases", cluster.Text("kmsKeyId"), StringComparison.Ordinal);
            Assert.Equal(true, cluster.At("deletionProtection"));
            Assert.Equal(false, cluster.At("skipFinalSnapshot"));
            Assert.Equal(false, cluster.At("deleteAutomatedBackups"));
            Assert.Equal(true, cluster.At("copyTagsToSnapshot"));
            Assert.Equal(true, cluster.At("iamDatabaseAuthenticationEnabled"));
        });
        Assert.Equal(35d, Number(resources.One(Cluster, "postgresql"), "backupRetentionPeriod"));
        Assert.Equal(14d, Number(resources.One(Cluster, "mysql"), "backupRetentionPeriod"));
        Assert.All(resources.Of(Instance), instance => Assert.Equal(false, instance.At("publiclyAccessible")));
    }

    // The snapshot outlives its database: a name that the next database has as well could not be given a second time.
    [Fact]
    public async Task The_final_snapshot_is_named_by_what_is_different_in_each_life_of_the_database()
    {
        var resources = await DeclaredCluster.FromAsync("""{"databases":{"mysql":{"database":"orders"}}}""");

        foreach (var cluster in resources.Of(Cluster))
        {
            var alias = resources.One("aws:kms/alias:Alias", $"{cluster.Name}-final-snapshot");
            Assert.Equal($"alias/ha-cluster-test-{cluster.Name}-{cluster.At("databaseName")}-", alias.At("namePrefix"));
            Assert.Null(alias.At("name"));
            Assert.Equal(cluster.At("kmsKeyId"), alias.At("targetKeyId"));
            // What the provider adds, and nothing that a second life shares.
            Assert.Equal($"ha-cluster-test-{cluster.Name}-final-20261128", cluster.At("finalSnapshotIdentifier"));
        }
    }

    [Fact]
    public async Task Passwords_are_made_and_changed_by_aws_alone()
    {
        var resources = await DeclaredCluster.FromAsync("""{"databases":{"mysql":{"rotationDays":30}}}""");

        Assert.All(resources.Of(Cluster), cluster =>
        {
            Assert.Equal(true, cluster.At("manageMasterUserPassword"));
            Assert.Null(cluster.At("masterPassword"));
            Assert.EndsWith("/databases", cluster.Text("masterUserSecretKmsKeyId"), StringComparison.Ordinal);
        });
        var rotations = resources.Of("aws:secretsmanager/secretRotation:SecretRotation");
        Assert.Equal(["secret-of-mysql", "secret-of-postgresql"], rotations.Select(rotation => rotation.Text("secretId")));
        Assert.Equal([30d, 7d], rotations.Select(rotation => Number(rotation, "rotationRules.automaticallyAfterDays")));
    }

    [Fact]
    public async Task Connections_are_encrypted_from_end_to_end()
    {
        var resources = await DeclaredCluster.FromAsync("{}");

        Assert.All(resources.Of("aws:rds/proxy:Proxy"), proxy => Assert.Equal(true, proxy.At("requireTls")));
        Assert.Contains(("rds.force_ssl", "1"), ParametersOf(resources, "postgresql"));
        Assert.Contains(("require_secure_transport", "ON"), ParametersOf(resources, "mysql"));
    }

    [Fact]
    public async Task Parameters_are_of_the_family_of_the_version()
    {
        var resources = await DeclaredCluster.FromAsync("""{"databases":{"postgresql":{"version":"16.8"}}}""");

        foreach (var type in new[] { "aws:rds/clusterParameterGroup:ClusterParameterGroup", "aws:rds/parameterGroup:ParameterGroup" })
        {
            Assert.Equal("aurora-postgresql16", resources.One(type, "postgresql").At("family"));
            Assert.Equal("aurora-mysql8.0", resources.One(type, "mysql").At("family"));
            Assert.Equal("ha-cluster-test-aurora-mysql8-0", resources.One(type, "mysql").At("name"));
        }

        Assert.Equal("16.8", resources.One(Cluster, "postgresql").At("engineVersion"));
        Assert.Equal(resources.One(Cluster, "mysql").At("engine"), resources.One(Instance, "mysql-1").At("engine"));
    }

    [Fact]
    public async Task Pods_reach_the_proxy_the_proxy_the_database_and_nobody_else_anything()
    {
        var resources = await DeclaredCluster.FromAsync("{}");

        var doors = resources.Of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
            .Where(rule => Engines.Any(engine => rule.Name.StartsWith(engine, StringComparison.Ordinal)))
            .Select(rule => (rule.Text("securityGroupId"), rule.Text("referencedSecurityGroupId"), Number(rule, "fromPort"), Number(rule, "toPort")));
        Assert.Equal(
            new[]
            {
                ("mysql-id", "mysql-proxy-id", 3306d, 3306d),
                ("mysql-proxy-id", ClusterMocks.NodeGroup, 3306d, 3306d),
                ("postgresql-id", "postgresql-proxy-id", 5432d, 5432d),
                ("postgresql-proxy-id", ClusterMocks.NodeGroup, 5432d, 5432d),
            },
            doors.Order());
        Assert.Equal(["mysql-id"], resources.One(Cluster, "mysql").List("vpcSecurityGroupIds"));
        Assert.Equal(["mysql-proxy-id"], resources.One("aws:rds/proxy:Proxy", "mysql").List("vpcSecurityGroupIds"));
        Assert.Equal(["mysql-proxy-id"], resources.One("aws:rds/proxyEndpoint:ProxyEndpoint", "mysql-read-only").List("vpcSecurityGroupIds"));
        var way = resources.One("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "mysql-proxy");
        Assert.Equal(("mysql-proxy-id", "mysql-id"), (way.Text("securityGroupId"), way.Text("referencedSecurityGroupId")));
    }

    [Fact]
    public async Task A_proxy_reads_the_secrets_of_its_own_database_and_no_others()
    {
        var resources = await DeclaredCluster.FromAsync("{}");

        foreach (var engine in Engines)
        {
            string[] secrets = [$"secret-of-{engine}", SecretArn($"payments-{engine}-user-a"), SecretArn($"payments-{engine}-user-b")];
            Assert.Equal(secrets, resources.One("aws:rds/proxy:Proxy", engine).List("auths").Cast<IReadOnlyDictionary<string, object>>().Select(auth => auth["secretArn"]));
            var statements = JsonDocument.Parse(resources.One("aws:iam/rolePolicy:RolePolicy", $"{engine}-proxy").Text("policy"))
                .RootElement.GetProperty("Statement").EnumerateArray().ToDictionary(statement => statement.GetProperty("Sid").GetString()!);
            Assert.Equal(["DecryptSecrets", "ReadDatabaseSecrets"], statements.Keys.Order());
            Assert.Equal(secrets, statements["ReadDatabaseSecrets"].GetProperty("Resource").EnumerateArray().Select(arn => arn.GetString()!));
            var trust = JsonDocument.Parse(resources.One("aws:iam/role:Role", $"{engine}-proxy").Text("assumeRolePolicy")).RootElement.GetProperty("Statement")[0];
            Assert.Equal(ClusterMocks.Account, trust.GetProperty("Condition").GetProperty("StringEquals").GetProperty("aws:SourceAccount").GetString());
            Assert.EndsWith("/databases", statements["DecryptSecrets"].GetProperty("Resource").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_proxy_and_its_database_are_in_every_zone()
    {
        var resources = await DeclaredCluster.FromAsync("{}");
        object[] data = ["data-1-id", "data-2-id", "data-3-id"];

        Assert.Equal(data, resources.One("aws:rds/subnetGroup:SubnetGroup", "databases").List("subnetIds"));
        Assert.All(resources.Of("aws:rds/proxy:Proxy"), proxy => Assert.Equal(data, proxy.List("vpcSubnetIds")));
        Assert.All(resources.Of("aws:rds/proxyEndpoint:ProxyEndpoint"), endpoint =>
        {
            Assert.Equal(data, endpoint.List("vpcSubnetIds"));
            Assert.Equal("READ_ONLY", endpoint.At("targetRole"));
        });
        Assert.All(resources.Of("aws:rds/proxyTarget:ProxyTarget"), target =>
            Assert.Equal($"ha-cluster-test-{target.Name}", target.At("dbClusterIdentifier")));
    }

    [Fact]
    public async Task Credentials_arrive_where_they_are_needed_with_addresses_of_the_proxy()
    {
        var resources = await DeclaredCluster.FromAsync(
            """{"namespaces":{"shop":{"reach":["data"]}},"databases":{"mysql":{"namespaces":["payments","shop"],"database":"orders"}}}""");

        var secrets = resources.Of("kubernetes:external-secrets.io/v1:ExternalSecret").Where(secret => Engines.Contains(secret.Text("metadata.name"))).ToArray();
        Assert.Equal(["payments-mysql", "payments-postgresql", "shop-mysql"], secrets.Select(secret => secret.Name));
        var shop = secrets[^1];
        Assert.Equal("shop", shop.At("metadata.namespace"));
        Assert.Equal(SecretArn("shop-mysql-user-current"), shop.At("spec.dataFrom.0.extract.key"));
        var data = shop.Map("spec.target.template.data");
        Assert.Equal("mysql.example", data["host"]);
        Assert.Equal("mysql-read-only.example", data["readOnlyHost"]);
        Assert.Equal("3306", data["port"]);
        Assert.Equal("orders_shop", data["database"]);
        Assert.Equal("mysql://{{ .username }}:{{ .password | urlquery }}@mysql.example:3306/orders_shop?ssl-mode=VERIFY_IDENTITY", data["url"]);
        Assert.Equal("Server=mysql.example;Port=3306;Database=orders_shop;User ID={{ .username }};Password={{ .password }};SSL Mode=VerifyFull", data["connectionString"]);
        Assert.Equal(["connectionString", "database", "host", "password", "port", "readOnlyHost", "readOnlyUrl", "url", "username"], data.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_exported_log_has_a_group_that_the_key_of_logs_serves()
    {
        var resources = await DeclaredCluster.FromAsync("""{"databases":{"logRetentionDays":30}}""");
        var policy = resources.One("aws:kms/key:Key", "logs").Text("policy");
        var groups = resources.Of("aws:cloudwatch/logGroup:LogGroup").Where(group => group.Text("name").StartsWith("/aws/rds/", StringComparison.Ordinal)).ToArray();

        var exported = resources.Of(Cluster)
            .SelectMany(cluster => cluster.List("enabledCloudwatchLogsExports").Select(log => $"/aws/rds/cluster/ha-cluster-test-{cluster.Name}/{log}"));
        var proxies = resources.Of("aws:rds/proxy:Proxy").Select(proxy => $"/aws/rds/proxy/{proxy.Text("name")}");
        Assert.Equal(exported.Concat(proxies).Order(StringComparer.Ordinal), groups.Select(group => group.Text("name")).Order(StringComparer.Ordinal));
        Assert.All(groups, group =>
        {
            Assert.Contains($"log-group:{group.Text("name")}\"", policy, StringComparison.Ordinal);
            Assert.Equal(30d, Number(group, "retentionInDays"));
            Assert.EndsWith("/logs", group.Text("kmsKeyId"), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Failovers_and_their_early_signs_are_alerted()
    {
        var resources = await DeclaredCluster.FromAsync("{}");

        foreach (var engine in Engines)
        {
            var alarms = resources.Of("aws:cloudwatch/metricAlarm:MetricAlarm")
                .Where(alarm => alarm.Name.StartsWith($"{engine}-", StringComparison.Ordinal))
                .ToDictionary(alarm => alarm.Name[(engine.Length + 1)..]);
            Assert.Equal(["connections", "cpu", "deadlocks", "disk", "memory", "no-reader", "no-writer", "replica-lag"], alarms.Keys.Order(StringComparer.Ordinal));
            Assert.All(alarms.Values, alarm => Assert.Single(alarm.List("alarmActions")));
            Assert.All(alarms.Values, alarm => Assert.Single(alarm.List("okActions")));

            // A reader that is gone reports nothing, so silence is the alarm.
            Assert.Equal("breaching", alarms["no-reader"].At("treatMissingData"));
            Assert.Equal("AuroraReplicaLag", alarms["no-reader"].At("metricName"));
            Assert.Equal($"ha-cluster-test-{engine}", alarms["cpu"].Map("dimensions")["DBClusterIdentifier"]);
            Assert.Equal($"ha-cluster-test-{engine}", alarms["no-writer"].Map("dimensions")["ProxyName"]);
            var ids = alarms["connections"].List("metricQueries").Cast<IReadOnlyDictionary<string, object>>().Select(query => (string)query["id"]);
            Assert.Equal(["percent", "used", "allowed"], ids);
        }

        var events = resources.One("aws:rds/eventSubscription:EventSubscription", "database-clusters");
        Assert.Contains("failover", events.List("eventCategories"));
        Assert.Equal(["ha-cluster-test-postgresql", "ha-cluster-test-mysql"], events.List("sourceIds"));
        Assert.Equal(6, resources.One("aws:rds/eventSubscription:EventSubscription", "database-instances").List("sourceIds").Count);
    }

    [Fact]
    public async Task Switched_off_they_leave_nothing_behind()
    {
        var none = await DeclaredCluster.FromAsync("""{"databases":{"enabled":false}}""");
        var one = await DeclaredCluster.FromAsync("""{"databases":{"mysql":{"enabled":false}}}""");

        Assert.DoesNotContain(none, resource => resource.Type.StartsWith("aws:rds/", StringComparison.Ordinal));
        Assert.DoesNotContain(one, resource => resource.Type.StartsWith("aws:", StringComparison.Ordinal) && resource.Name.StartsWith("mysql", StringComparison.Ordinal));
        Assert.Single(one.Of(Cluster));
    }

    private static string SecretArn(string name) => $"arn:aws:mock:eu-central-1:{ClusterMocks.Account}:Secret/{name}";

    private static RecordedResource[] InstancesOf(IReadOnlyList<RecordedResource> resources, string engine) =>
        [.. resources.Of(Instance).Where(instance => instance.Text("clusterIdentifier") == $"ha-cluster-test-{engine}")];

    private static IEnumerable<(object, object)> ParametersOf(IReadOnlyList<RecordedResource> resources, string engine) =>
        resources.One("aws:rds/clusterParameterGroup:ClusterParameterGroup", engine).List("parameters")
            .Cast<IReadOnlyDictionary<string, object>>()
            .Select(parameter => (parameter["name"], parameter["value"]));

    private static double Number(RecordedResource resource, string path) => Convert.ToDouble(resource.At(path), CultureInfo.InvariantCulture);
}
