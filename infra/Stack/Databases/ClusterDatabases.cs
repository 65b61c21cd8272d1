using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Stack.Alarms;
using HaCluster.Stack.Databases.Users;
using HaCluster.Stack.Identities;
using HaCluster.Stack.Platform;
using HaCluster.Stack.Settings.Databases;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Databases;

/// <summary>Input of <see cref="ClusterDatabases"/>.</summary>
public sealed record ClusterDatabasesArgs
{
    public required DatabasesSettings Settings { get; init; }

    public required Foundation Foundation { get; init; }

    public required PlatformServices Platform { get; init; }

    /// <summary>Where its alarms go.</summary>
    public required AlarmTopics Alarms { get; init; }
}

/// <summary>Aurora databases, their proxies and credentials.</summary>
public sealed class ClusterDatabases : ComponentResource
{
    public const string TypeToken = "ha-cluster:databases:Databases";

    private const string Monitoring = "db-monitoring";

    // https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Events.Messages.html
    private static readonly ImmutableArray<string> ClusterEvents = ["failover", "failure", "maintenance", "notification"];
    private static readonly ImmutableArray<string> InstanceEvents = ["availability", "failure", "low storage", "maintenance"];

    private readonly ClusterDatabasesArgs _args;

    public ClusterDatabases(string name, ClusterDatabasesArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _args = args;
        var scope = args.Foundation.Scope;
        var subnets = new Aws.Rds.SubnetGroup(
            name,
            new Aws.Rds.SubnetGroupArgs
            {
                Name = scope.NameOf(name),
                Description = $"Data subnets of {scope.ClusterName}",
                SubnetIds = args.Foundation.Network.DataSubnetIds,
                Tags = scope.Tags.Named(scope.NameOf(name)),
            },
            new CustomResourceOptions { Parent = this });
        var (role, policy) = CreateMonitoringRole();

        // An instance is refused while its role may not report yet.
        var roleArn = Output.Tuple(role.Arn, policy.Id).Apply(made => made.Item1);
        var databases = args.Settings.All.Select(settings => Declare(settings, subnets, roleArn)).ToArray();
        Subscribe("clusters", "db-cluster", ClusterEvents, databases.Select(database => database.Cluster.ClusterIdentifier));
        Subscribe("instances", "db-instance", InstanceEvents, databases.SelectMany(database => database.Instances.Select(instance => instance.Identifier)));
        Identifiers = Output.All(databases.Select(database => database.Cluster.ClusterIdentifier));
        RegisterOutputs();
    }

    /// <summary>Identifiers of the Aurora clusters, as a failover takes them; in the order of the engines that are enabled.</summary>
    public Output<ImmutableArray<string>> Identifiers { get; }

    private AuroraDatabase Declare(DatabaseSettings settings, Aws.Rds.SubnetGroup subnets, Output<string> monitoringRoleArn)
    {
        var foundation = _args.Foundation;
        var engine = settings.Engine;
        var child = new ComponentResourceOptions { Parent = this };
        var network = new DatabaseNetwork(engine.Name, new DatabaseNetworkArgs { Foundation = foundation, Engine = engine }, child);
        var database = new AuroraDatabase(
            engine.Name,
            new AuroraDatabaseArgs
            {
                Foundation = foundation,
                Settings = settings,
                Subnets = subnets,
                MonitoringRoleArn = monitoringRoleArn,
                SecurityGroupId = network.DatabaseGroupId,
                LogRetentionDays = _args.Settings.LogRetentionDays,
            },
            child);
        var users = settings.Namespaces.Distinct(StringComparer.Ordinal)
            .Select(owner => new DatabaseUser(
                $"{owner}-{engine.Name}-user", new DatabaseUserArgs { Foundation = foundation, Settings = settings, Namespace = owner }, child))
            .ToImmutableArray();
        var proxy = new DatabaseProxy(
            engine.Name,
            new DatabaseProxyArgs
            {
                Foundation = foundation,
                Engine = engine,
                Database = database,
                Users = users,
                SecurityGroupId = network.ProxyGroupId,
                LogRetentionDays = _args.Settings.LogRetentionDays,
            },
            child);
        _ = new DatabaseAlarms(
            engine.Name,
            new DatabaseAlarmsArgs
            {
                Scope = foundation.Scope,
                Cluster = database.Cluster,
                ProxyName = proxy.Name,
                TopicArn = _args.Alarms.CriticalArn,
            },
            child);
        if (users.IsEmpty)
            return database;

        var setup = new UserSetup(
            $"{engine.Name}-users",
            new UserSetupArgs { Foundation = foundation, Settings = settings, Database = database, Proxy = proxy, Users = users },
            child);
        foreach (var user in users)
            Deliver(user, settings, proxy, setup);
        return database;
    }

    // Without the job the secret has no value yet.
    private void Deliver(DatabaseUser user, DatabaseSettings settings, DatabaseProxy proxy, UserSetup setup)
    {
        var engine = settings.Engine;
        var receiver = user.Namespace;
        _ = new DeliveredSecret(
            $"{receiver}-{engine.Name}",
            new DeliveredSecretArgs
            {
                Foundation = _args.Foundation,
                Platform = _args.Platform,
                Namespace = receiver,
                SecretName = engine.Name,
                Source = user.DeliveredSecret,
                Data = ImmutableSortedDictionary.CreateRange<string, string>(
                    StringComparer.Ordinal,
                    [
                        new("database", user.Database),
                        new("password", "{{ .password }}"),
                        new("port", engine.Port.ToString(CultureInfo.InvariantCulture)),
                        new("username", "{{ .username }}"),
                    ]),
                ComputedData = ImmutableSortedDictionary.CreateRange<string, Input<string>>(
                    StringComparer.Ordinal,
                    [
                        new("connectionString", ConnectionString(proxy.Endpoint, user, engine)),
                        new("host", proxy.Endpoint),
                        new("readOnlyHost", proxy.ReadOnlyEndpoint),
                        new("readOnlyUrl", Url(proxy.ReadOnlyEndpoint, settings, user)),
                        new("url", Url(proxy.Endpoint, settings, user)),
                    ]),
            },
            new ComponentResourceOptions { Parent = this, DependsOn = { setup.Job } });
    }

    private static Output<string> Url(Output<string> host, DatabaseSettings settings, DatabaseUser user) => host.Apply(address =>
        $"{settings.Engine.Name}://{{{{ .username }}}}:{{{{ .password | urlquery }}}}@{address}:{settings.Engine.Port}/{user.Database}?{settings.Engine.UrlOptions}");

    // As Npgsql and MySqlConnector both read it. The password has letters and digits only (UserScripts).
    private static Output<string> ConnectionString(Output<string> host, DatabaseUser user, DatabaseEngine engine) => host.Apply(address =>
        $"Server={address};Port={engine.Port};Database={user.Database};User ID={{{{ .username }}}};Password={{{{ .password }}}};SSL Mode=VerifyFull");

    private (Aws.Iam.Role Role, Aws.Iam.RolePolicyAttachment Policy) CreateMonitoringRole()
    {
        var scope = _args.Foundation.Scope;
        var role = ServiceRole.Create(
            Monitoring, scope, "monitoring.rds", "Reports what the operating systems of databases do", scope.Account.Arn("rds", $"db:{scope.ClusterName}-*"), this);
        var policy = new Aws.Iam.RolePolicyAttachment(
            Monitoring,
            new Aws.Iam.RolePolicyAttachmentArgs
            {
                Role = role.Name,
                PolicyArn = scope.Account.ManagedPolicy("service-role/AmazonRDSEnhancedMonitoringRole"),
            },
            new CustomResourceOptions { Parent = this });
        return (role, policy);
    }

    private void Subscribe(string name, string kind, ImmutableArray<string> events, IEnumerable<Output<string>> sources) => _ = new Aws.Rds.EventSubscription(
        $"database-{name}",
        new Aws.Rds.EventSubscriptionArgs
        {
            Name = _args.Foundation.Scope.NameOf($"database-{name}"),
            SnsTopic = _args.Alarms.CriticalArn,
            SourceType = kind,
            SourceIds = Output.All(sources),
            EventCategories = events,
            Tags = _args.Foundation.Scope.Tags.Named(_args.Foundation.Scope.NameOf($"database-{name}")),
        },
        new CustomResourceOptions { Parent = this });
}
