using HaCluster.Stack.Settings;
using HaCluster.Stack.Tests.Settings;

namespace HaCluster.Stack.Tests.Databases;

public class DatabaseSettingsTests
{
    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(6, 2)]
    public void Defaults_leave_somebody_to_take_over_after_the_first_failover(int zones, int readers)
    {
        var (settings, problems) = Configuration.Read($$"""{"zones":{{zones}}}""");

        Assert.Empty(problems);
        Assert.True(settings.Databases.IsEnabled);
        Assert.Equal(["postgresql", "mysql"], settings.Databases.All.Select(database => database.Engine.Name));
        Assert.All(settings.Databases.All, database =>
        {
            Assert.Equal(readers, database.Readers);
            Assert.True(database.DeletionProtection);
            Assert.Equal(database.Engine.Versions[^1], database.Version);
            Assert.Equal(["payments"], database.Namespaces.AsEnumerable());
        });
        Assert.Empty(settings.Databases.Notices());
    }

    [Fact]
    public void Each_engine_can_be_left_out()
    {
        var (settings, problems) = Configuration.Read("""{"databases":{"mysql":{"enabled":false},"postgresql":{"version":"16.8","instanceClass":"db.t4g.medium"}}}""");

        Assert.Empty(problems);
        var database = Assert.Single(settings.Databases.All);
        Assert.Equal("aurora-postgresql16", database.Version.Family);
        Assert.Equal("db.t4g.medium", database.InstanceClass);
    }

    [Fact]
    public void A_namespace_of_the_users_with_reach_to_databases_may_have_credentials()
    {
        var (_, problems) = Configuration.Read(
            """{"namespaces":{"shop":{"reach":["data"]}},"databases":{"postgresql":{"namespaces":["payments","shop"]}}}""");

        Assert.Empty(problems);
    }

    [Fact]
    public void Nothing_is_checked_when_there_are_no_databases()
    {
        var (settings, problems) = Configuration.Read("""{"databases":{"enabled":false,"postgresql":{"enabled":false},"mysql":{"namespaces":["nowhere"]}}}""");

        Assert.Empty(problems);
        Assert.Empty(settings.Databases.Notices());
    }

    [Theory]
    [InlineData("""{"databases":{"postgresql":{"readers":0}}}""", "ha-cluster:databases.postgresql.readers is 0; without a reader, the database does not survive the loss of the writer's zone: set 1 or more")]
    [InlineData("""{"databases":{"mysql":{"readers":-1}}}""", "ha-cluster:databases.mysql.readers is -1; without a reader, the database does not survive the loss of the writer's zone")]
    [InlineData("""{"databases":{"mysql":{"readers":16}}}""", "ha-cluster:databases.mysql.readers is 16; Aurora allows at most 15 readers in addition to the writer")]
    [InlineData("""{"databases":{"postgresql":{"version":"9.6"}}}""", "ha-cluster:databases.postgresql.version is \"9.6\"; choose one of 16.8, 17.7")]
    [InlineData("""{"databases":{"postgresql":{"version":17.7}}}""", "ha-cluster:databases.postgresql.version is 17.7; choose one of 16.8, 17.7")]
    [InlineData("""{"databases":{"mysql":{"version":"17.7"}}}""", "ha-cluster:databases.mysql.version is \"17.7\"; choose one of 8.0.mysql_aurora.3.10.4, 8.0.mysql_aurora.3.10.5")]
    [InlineData("""{"databases":{"postgresql":{"instanceClass":"r7g.large"}}}""", "ha-cluster:databases.postgresql.instanceClass is \"r7g.large\"; the program supports Aurora on classes of the families r, x and t4g, db.t4g.medium or larger")]
    [InlineData("""{"databases":{"postgresql":{"instanceClass":"db.m7g.large"}}}""", "ha-cluster:databases.postgresql.instanceClass is \"db.m7g.large\"; the program supports Aurora on classes of the families r, x and t4g, db.t4g.medium or larger")]
    [InlineData("""{"databases":{"postgresql":{"instanceClass":"db.t4g.small"}}}""", "ha-cluster:databases.postgresql.instanceClass is \"db.t4g.small\"; the program supports Aurora on classes of the families r, x and t4g, db.t4g.medium or larger")]
    [InlineData("""{"databases":{"postgresql":{"instanceClass":"db.serverless"}}}""", "ha-cluster:databases.postgresql.instanceClass is \"db.serverless\"; the program supports Aurora on classes of the families r, x and t4g, db.t4g.medium or larger")]
    [InlineData("""{"databases":{"postgresql":{"backupRetentionDays":0}}}""", "ha-cluster:databases.postgresql.backupRetentionDays is 0; Aurora keeps backups for 1 to 35 days")]
    [InlineData("""{"databases":{"postgresql":{"backupRetentionDays":36}}}""", "ha-cluster:databases.postgresql.backupRetentionDays is 36; Aurora keeps backups for 1 to 35 days")]
    [InlineData("""{"databases":{"postgresql":{"rotationDays":0}}}""", "ha-cluster:databases.postgresql.rotationDays is 0; choose a number from 1 to 365")]
    [InlineData("""{"databases":{"postgresql":{"database":"My-App"}}}""", "ha-cluster:databases.postgresql.database is \"My-App\"; the name of a database has at most 63 lower-case letters, digits and underscores, a letter first")]
    [InlineData("""{"databases":{"postgresql":{"namespaces":["shop"]}}}""", "ha-cluster:databases.postgresql.namespaces[0] is \"shop\"; the cluster has no such namespace: choose one of payments, signing, or declare it")]
    [InlineData("""{"databases":{"mysql":{"namespaces":["payments","chains"]}}}""", "ha-cluster:databases.mysql.namespaces[1] is \"chains\"; its pods may not open connections to databases: choose one of payments, signing")]
    [InlineData("""{"namespaces":{"shop":{}},"databases":{"mysql":{"namespaces":["shop"]}}}""", "ha-cluster:databases.mysql.namespaces[0] is \"shop\"; its pods may not open connections to databases: add data to ha-cluster:namespaces.shop.reach")]
    [InlineData("""{"databases":{"mysql":{"enabled":false},"postgresql":{"enabled":false}}}""", "ha-cluster:databases.enabled is true, but no engine is enabled")]
    [InlineData("""{"databases":{"logRetentionDays":31}}""", "ha-cluster:databases.logRetentionDays is 31; CloudWatch supports")]
    [InlineData("""{"databases":{"postgres":{}}}""", "ha-cluster:databases.postgres is not a setting; did you mean postgresql?")]
    [InlineData("""{"databases":{"mysql":{"reader":1}}}""", "ha-cluster:databases.mysql.reader is not a setting; did you mean readers?")]
    [InlineData("""{"name":"a--b"}""", "ha-cluster:name is \"a--b\"; RDS allows no two dashes in a row in the name of a database")]
    public void Wrong_ones_are_refused_by_name_with_a_way_out(string json, string message)
    {
        var (_, problems) = Configuration.Read(json);

        Assert.StartsWith(message, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"databases":{"mysql":{"readers":1}}}""", "ha-cluster:databases.mysql.readers is 1; after a failover no reader is left to take over until the lost zone is back")]
    [InlineData("""{"databases":{"mysql":{"instanceClass":"db.t4g.medium"}}}""", "ha-cluster:databases.mysql.instanceClass is db.t4g.medium; it slows down")]
    [InlineData("""{"databases":{"mysql":{"backupRetentionDays":3}}}""", "ha-cluster:databases.mysql.backupRetentionDays is 3; a mistake")]
    [InlineData("""{"databases":{"mysql":{"deletionProtection":false}}}""", "ha-cluster:databases.mysql.deletionProtection is false; `pulumi destroy`")]
    [InlineData("""{"databases":{"mysql":{"namespaces":[]}}}""", "ha-cluster:databases.mysql.namespaces is empty; no namespace gets its credentials")]
    public void What_gives_something_up_is_remarked_on(string json, string notice)
    {
        var (settings, problems) = Configuration.Read(json);

        Assert.Empty(problems);
        Assert.StartsWith(notice, Assert.Single(settings.Databases.Notices()), StringComparison.Ordinal);
        Assert.Contains(Notices.For(settings), each => each.StartsWith(notice, StringComparison.Ordinal));
    }
}
