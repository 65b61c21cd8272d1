using System.Collections.Immutable;
using HaCluster.Stack.Naming;
using HaCluster.Stack.Settings.Databases;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Databases;

/// <summary>Input of <see cref="AuroraDatabase"/>.</summary>
internal sealed record AuroraDatabaseArgs
{
    public required Foundation Foundation { get; init; }

    public required DatabaseSettings Settings { get; init; }

    public required Aws.Rds.SubnetGroup Subnets { get; init; }

    /// <summary>Role with which instances report what their operating system does.</summary>
    public required Output<string> MonitoringRoleArn { get; init; }

    public required Output<string> SecurityGroupId { get; init; }

    public required int LogRetentionDays { get; init; }
}

/// <summary>
/// A database: storage in three zones, a writer and readers in different zones, any of which becomes the writer when that is lost. Its password
/// is created, stored and rotated by RDS and Secrets Manager; this program never sees it.
/// </summary>
internal sealed class AuroraDatabase : ComponentResource
{
    public const string TypeToken = "ha-cluster:databases:Aurora";

    private const string UserName = "dbadmin";

    // UTC, when most of Europe and America sleep; one after the other, as AWS asks.
    private const string BackupWindow = "02:00-03:00";
    private const string MaintenanceWindow = "sun:04:00-sun:05:00";

    private const int MonitoringSeconds = 15;

    // Days for which AWS charges nothing.
    private const int InsightDays = 7;

    private readonly AuroraDatabaseArgs _args;
    private readonly string _name;

    public AuroraDatabase(string name, AuroraDatabaseArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _args = args;
        _name = name;
        Cluster = CreateCluster(DeclareLogs());
        Instances = CreateInstances();
        SecretArn = Cluster.MasterUserSecrets.Apply(secrets => secrets[0].SecretArn!);
        _ = new Aws.SecretsManager.SecretRotation(
            name,
            new Aws.SecretsManager.SecretRotationArgs
            {
                SecretId = SecretArn,
                RotateImmediately = false,
                RotationRules = new Aws.SecretsManager.Inputs.SecretRotationRotationRulesArgs { AutomaticallyAfterDays = args.Settings.RotationDays },
            },
            new CustomResourceOptions { Parent = this });
        RegisterOutputs();
    }

    public Aws.Rds.Cluster Cluster { get; }

    /// <summary>The writer and the readers, in order of their turn to be the writer.</summary>
    public ImmutableArray<Aws.Rds.ClusterInstance> Instances { get; }

    /// <summary>Secret with <c>username</c> and <c>password</c>; RDS chooses its name.</summary>
    public Output<string> SecretArn { get; }

    private StackScope Scope => _args.Foundation.Scope;

    private DatabaseEngine Engine => _args.Settings.Engine;

    private Aws.Rds.Cluster CreateCluster(ImmutableArray<Resource> logs)
    {
        var settings = _args.Settings;
        var identifier = Scope.NameOf(_name);
        var key = _args.Foundation.Keys.Databases.Arn;
        var parameters = new Aws.Rds.ClusterParameterGroup(
            _name,
            new Aws.Rds.ClusterParameterGroupArgs
            {
                // With its family, so that the group of a new version is created before the old one is deleted.
                Name = Scope.NameOf(settings.Version.Family.Replace('.', '-')),
                Family = settings.Version.Family,
                Description = $"Of {identifier}",
                Parameters = Engine.ClusterParameters
                    .Select(parameter => new Aws.Rds.Inputs.ClusterParameterGroupParameterArgs
                    {
                        Name = parameter.Name,
                        Value = parameter.Value,
                        ApplyMethod = ApplyMethod(parameter),
                    })
                    .ToArray(),
                Tags = Scope.Tags.Named(identifier),
            },
            new CustomResourceOptions { Parent = this });

        return new Aws.Rds.Cluster(
            _name,
            new Aws.Rds.ClusterArgs
            {
                ClusterIdentifier = identifier,
                Engine = Engine.Aurora,
                EngineVersion = settings.Version.Number,
                DatabaseName = settings.Database,
                Port = Engine.Port,
                MasterUsername = UserName,
                ManageMasterUserPassword = true,
                MasterUserSecretKmsKeyId = key,
                IamDatabaseAuthenticationEnabled = true,
                DbSubnetGroupName = _args.Subnets.Name,
                VpcSecurityGroupIds = { _args.SecurityGroupId },
                DbClusterParameterGroupName = parameters.Name,
                StorageEncrypted = true,
                KmsKeyId = key,
                BackupRetentionPeriod = settings.BackupRetentionDays,
                PreferredBackupWindow = BackupWindow,
                PreferredMaintenanceWindow = MaintenanceWindow,
                CopyTagsToSnapshot = true,
                DeletionProtection = settings.DeletionProtection,
                // Both exist after the database is deleted.
                SkipFinalSnapshot = false,
                FinalSnapshotIdentifier = DeclareFinalSnapshot(identifier),
                DeleteAutomatedBackups = false,
                EnabledCloudwatchLogsExports = Engine.LogTypes,
                Tags = Scope.Tags.Named(identifier),
            },
            new CustomResourceOptions { Parent = this, DependsOn = logs });
    }

    // A snapshot outlives its database. With the same name for every database of this stack, the second could not be deleted: "Cannot create the
    // snapshot because a snapshot with the identifier already exists" (https://github.com/cloudposse/terraform-aws-rds-cluster/issues/129). So the
    // name ends with what the provider adds to a prefix when it creates something, which stays until that is created again. An alias of the key
    // is such a thing: it costs nothing and refers to nothing. It is created again together with the database, whose own replacement is caused by
    // its identifier, the name of its first database, or its key.
    private Output<string> DeclareFinalSnapshot(string identifier)
    {
        var prefix = $"alias/{identifier}-{_args.Settings.Database}-";
        var alias = new Aws.Kms.Alias(
            $"{_name}-final-snapshot",
            new Aws.Kms.AliasArgs { NamePrefix = prefix, TargetKeyId = _args.Foundation.Keys.Databases.Arn },
            new CustomResourceOptions { Parent = this, ReplaceOnChanges = { "targetKeyId" } });
        return alias.Name.Apply(name => $"{identifier}-final-{name[prefix.Length..]}");
    }

    // RDS makes these groups itself when they are missing: without an end and without our key.
    private ImmutableArray<Resource> DeclareLogs() =>
    [
        .. Engine.LogTypes.Select(log => Engine.LogGroup(Scope.ClusterName, log)).Select(group => new Aws.CloudWatch.LogGroup(
            $"{_name}-{group.Split('/')[^1]}",
            new Aws.CloudWatch.LogGroupArgs
            {
                Name = group,
                RetentionInDays = _args.LogRetentionDays,
                KmsKeyId = _args.Foundation.Keys.Logs.Arn,
                Tags = Scope.Tags.Named(group),
            },
            new CustomResourceOptions { Parent = this })),
    ];

    private ImmutableArray<Aws.Rds.ClusterInstance> CreateInstances()
    {
        var family = _args.Settings.Version.Family;
        var parameters = new Aws.Rds.ParameterGroup(
            _name,
            new Aws.Rds.ParameterGroupArgs
            {
                Name = Scope.NameOf(family.Replace('.', '-')),
                Family = family,
                Description = $"Of instances of {Scope.NameOf(_name)}",
                Parameters = Engine.InstanceParameters
                    .Select(parameter => new Aws.Rds.Inputs.ParameterGroupParameterArgs
                    {
                        Name = parameter.Name,
                        Value = parameter.Value,
                        ApplyMethod = ApplyMethod(parameter),
                    })
                    .ToArray(),
                Tags = Scope.Tags.Named(Scope.NameOf(_name)),
            },
            new CustomResourceOptions { Parent = this });

        // One after the other: the first that is there becomes the writer.
        var instances = ImmutableArray.CreateBuilder<Aws.Rds.ClusterInstance>();
        for (var ordinal = 0; ordinal <= _args.Settings.Readers; ordinal++)
            instances.Add(CreateInstance(ordinal, parameters, instances.FirstOrDefault()));
        return instances.ToImmutable();
    }

    private Aws.Rds.ClusterInstance CreateInstance(int ordinal, Aws.Rds.ParameterGroup parameters, Aws.Rds.ClusterInstance? first)
    {
        var zones = _args.Foundation.Network.Zones;
        var name = $"{_name}-{ordinal + 1}";
        var child = new CustomResourceOptions { Parent = this };
        if (first is not null)
            child.DependsOn.Add(first);

        return new Aws.Rds.ClusterInstance(
            name,
            new Aws.Rds.ClusterInstanceArgs
            {
                Identifier = Scope.NameOf(name),
                ClusterIdentifier = Cluster.ClusterIdentifier,
                Engine = Engine.EngineType,
                EngineVersion = Cluster.EngineVersion,
                InstanceClass = _args.Settings.InstanceClass,
                AvailabilityZone = zones[ordinal % zones.Length].Name,
                // The lowest number takes over first. The first two are equal: Aurora PostgreSQL uses that to choose the cache that it keeps warm.
                PromotionTier = Math.Max(ordinal - 1, 0),
                DbSubnetGroupName = _args.Subnets.Name,
                DbParameterGroupName = parameters.Name,
                PubliclyAccessible = false,
                // A version with long-term support changes only with the settings.
                AutoMinorVersionUpgrade = false,
                CopyTagsToSnapshot = true,
                MonitoringInterval = MonitoringSeconds,
                MonitoringRoleArn = _args.MonitoringRoleArn,
                PerformanceInsightsEnabled = true,
                PerformanceInsightsRetentionPeriod = InsightDays,
                PerformanceInsightsKmsKeyId = _args.Foundation.Keys.Databases.Arn,
                PreferredMaintenanceWindow = MaintenanceWindow,
                Tags = Scope.Tags.Named(Scope.NameOf(name)),
            },
            child);
    }

    private static string ApplyMethod(DatabaseParameter parameter) => parameter.NeedsRestart ? "pending-reboot" : "immediate";
}
