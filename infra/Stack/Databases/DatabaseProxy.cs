using System.Collections.Immutable;
using HaCluster.Stack.Databases.Users;
using HaCluster.Stack.Identities;
using HaCluster.Stack.Naming;
using HaCluster.Stack.Settings.Databases;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Databases;

/// <summary>Input of <see cref="DatabaseProxy"/>.</summary>
internal sealed record DatabaseProxyArgs
{
    public required Foundation Foundation { get; init; }

    public required DatabaseEngine Engine { get; init; }

    public required AuroraDatabase Database { get; init; }

    /// <summary>Users of the applications.</summary>
    public required ImmutableArray<DatabaseUser> Users { get; init; }

    public required Output<string> SecurityGroupId { get; init; }

    public required int LogRetentionDays { get; init; }
}

/// <summary>
/// Proxy between clients and a database, in all zones. When the writer changes, it keeps the connections of clients, holds their requests
/// and sends them to the new one, without waiting for any name to be looked up again.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.howitworks.html</remarks>
internal sealed class DatabaseProxy : ComponentResource
{
    public const string TypeToken = "ha-cluster:databases:Proxy";

    private const int IdleClientSeconds = 1_800;

    // Longer than a failover takes, shorter than clients wait.
    private const int BorrowSeconds = 60;

    // The rest is for an operator who must connect when the proxy uses all of its share.
    private const int ConnectionsPercent = 90;
    private const int IdlePercent = 50;

    private readonly DatabaseProxyArgs _args;
    private readonly string _name;

    public DatabaseProxy(string name, DatabaseProxyArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _args = args;
        _name = name;
        var child = new CustomResourceOptions { Parent = this };
        var (role, policy) = CreateRole();
        var logs = CreateLogs();
        var proxy = CreateProxy(role, policy, logs);
        var group = new Aws.Rds.ProxyDefaultTargetGroup(
            name,
            new Aws.Rds.ProxyDefaultTargetGroupArgs
            {
                DbProxyName = proxy.Name,
                ConnectionPoolConfig = new Aws.Rds.Inputs.ProxyDefaultTargetGroupConnectionPoolConfigArgs
                {
                    ConnectionBorrowTimeout = BorrowSeconds,
                    MaxConnectionsPercent = ConnectionsPercent,
                    MaxIdleConnectionsPercent = IdlePercent,
                },
            },
            child);
        Target = new Aws.Rds.ProxyTarget(
            name,
            new Aws.Rds.ProxyTargetArgs
            {
                DbProxyName = proxy.Name,
                TargetGroupName = group.Name,
                DbClusterIdentifier = args.Database.Cluster.ClusterIdentifier,
            },
            new CustomResourceOptions { Parent = this, DependsOn = args.Database.Instances.CastArray<Resource>() });
        var readOnly = new Aws.Rds.ProxyEndpoint(
            $"{name}-read-only",
            new Aws.Rds.ProxyEndpointArgs
            {
                DbProxyName = proxy.Name,
                DbProxyEndpointName = Scope.NameOf($"{name}-read-only"),
                TargetRole = "READ_ONLY",
                VpcSubnetIds = args.Foundation.Network.DataSubnetIds,
                VpcSecurityGroupIds = { args.SecurityGroupId },
                Tags = Scope.Tags.Named(Scope.NameOf($"{name}-read-only")),
            },
            child);

        Name = proxy.Name;
        Endpoint = proxy.Endpoint;
        ReadOnlyEndpoint = readOnly.Endpoint;
        RegisterOutputs();
    }

    public Output<string> Name { get; }

    /// <summary>Endpoint of the writer.</summary>
    public Output<string> Endpoint { get; }

    /// <summary>Endpoint of the readers.</summary>
    public Output<string> ReadOnlyEndpoint { get; }

    /// <summary>The last resource that it needs to serve.</summary>
    public Resource Target { get; }

    private StackScope Scope => _args.Foundation.Scope;

    private Aws.Rds.Proxy CreateProxy(Aws.Iam.Role role, Aws.Iam.RolePolicy policy, Aws.CloudWatch.LogGroup logs) => new(
        _name,
        new Aws.Rds.ProxyArgs
        {
            Name = Scope.NameOf(_name),
            EngineFamily = _args.Engine.ProxyFamily,
            RoleArn = role.Arn,
            RequireTls = true,
            IdleClientTimeout = IdleClientSeconds,
            // It would write statements, and with them what people store.
            DebugLogging = false,
            Auths = Secrets()
                .Select(secret => new Aws.Rds.Inputs.ProxyAuthArgs
                {
                    AuthScheme = "SECRETS",
                    SecretArn = secret,
                    ClientPasswordAuthType = _args.Engine.PasswordScheme,
                    IamAuth = "DISABLED",
                })
                .ToArray(),
            VpcSubnetIds = _args.Foundation.Network.DataSubnetIds,
            VpcSecurityGroupIds = { _args.SecurityGroupId },
            Tags = Scope.Tags.Named(Scope.NameOf(_name)),
        },
        new CustomResourceOptions { Parent = this, DependsOn = { policy, logs } });

    private Aws.CloudWatch.LogGroup CreateLogs()
    {
        var group = _args.Engine.ProxyLogGroup(Scope.ClusterName);
        return new Aws.CloudWatch.LogGroup(
            $"{_name}-proxy",
            new Aws.CloudWatch.LogGroupArgs
            {
                Name = group,
                RetentionInDays = _args.LogRetentionDays,
                KmsKeyId = _args.Foundation.Keys.Logs.Arn,
                Tags = Scope.Tags.Named(group),
            },
            new CustomResourceOptions { Parent = this });
    }

    // RDS may assume the role for this account only. The ARN of a proxy has a random part that is not known yet, and RDS documents none for it:
    // https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/cross-service-confused-deputy-prevention.html
    private (Aws.Iam.Role Role, Aws.Iam.RolePolicy Policy) CreateRole()
    {
        var name = $"{_name}-proxy";
        var role = new Aws.Iam.Role(
            name,
            new Aws.Iam.RoleArgs
            {
                Name = Scope.NameOf(name),
                Description = $"Reads the credentials of the {_args.Engine.Aurora} database for its proxy",
                AssumeRolePolicy = Scope.Account.Id.Apply(account => PolicyDocument.Json(new PolicyStatement
                {
                    Sid = "RdsProxy",
                    Principal = ("Service", "rds.amazonaws.com"),
                    Actions = ["sts:AssumeRole"],
                    Conditions = [PolicyCondition.Is("aws:SourceAccount", account)],
                })),
                Tags = Scope.Tags.Named(Scope.NameOf(name)),
            },
            new CustomResourceOptions { Parent = this });
        var policy = new Aws.Iam.RolePolicy(
            name,
            new Aws.Iam.RolePolicyArgs
            {
                Name = name,
                Role = role.Name,
                Policy = Output.Tuple(Output.All(Secrets()), _args.Foundation.Keys.Databases.Arn, Scope.Account.DnsSuffix)
                    .Apply(found => PolicyDocument.Json(Read(found.Item1), Decrypt(found.Item2, found.Item3))),
            },
            new CustomResourceOptions { Parent = this });
        return (role, policy);
    }

    // The platform's own user connects through the proxy as well: only the proxy may open connections to the instances.
    private IEnumerable<Output<string>> Secrets() => [_args.Database.SecretArn, .. _args.Users.SelectMany(user => user.LoginSecrets)];

    private static PolicyStatement Read(ImmutableArray<string> secrets) => new()
    {
        Sid = "ReadDatabaseSecrets",
        Actions = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
        Resources = secrets,
    };

    private PolicyStatement Decrypt(string key, string dnsSuffix) => new()
    {
        Sid = "DecryptSecrets",
        Actions = ["kms:Decrypt"],
        Resources = [key],
        Conditions = [PolicyCondition.Is("kms:ViaService", $"secretsmanager.{Scope.Account.Region}.{dnsSuffix}")],
    };
}
