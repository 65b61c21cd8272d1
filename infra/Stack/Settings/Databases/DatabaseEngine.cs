using System.Collections.Immutable;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Settings.Databases;

/// <summary>What differs between the engines of Aurora.</summary>
public sealed record DatabaseEngine
{
    /// <summary>Statements that take longer are logged, milliseconds.</summary>
    private const int SlowMilliseconds = 1_000;

    /// <summary>A transaction that somebody forgot is ended, milliseconds: until then nothing behind it can be cleaned up.</summary>
    private const int IdleTransactionMilliseconds = 300_000;

    /// <remarks>
    /// Versions with long-term support, one per major version: AWS changes these least and replaces them last
    /// (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Updates.LTS.html, as listed in
    /// https://github.com/aws/agent-toolkit-for-aws, skills/specialized-skills/database-skills/amazon-aurora-postgresql, 2026).
    /// </remarks>
    public static readonly DatabaseEngine PostgreSql = new()
    {
        Name = "postgresql",
        Aurora = "aurora-postgresql",
        EngineType = Aws.Rds.EngineType.AuroraPostgresql,
        ProxyFamily = "POSTGRESQL",
        PasswordScheme = "POSTGRES_SCRAM_SHA_256",
        Port = 5432,
        UrlOptions = "sslmode=verify-full&sslrootcert=system",
        Versions = [new("16.8", "aurora-postgresql16"), new("17.7", "aurora-postgresql17")],
        ReservedNames = Databases.ReservedNames.PostgreSql,
        LogTypes = ["postgresql"],
        ClusterParameters =
        [
            new("rds.force_ssl", "1"),
            new("shared_preload_libraries", "pg_stat_statements", NeedsRestart: true),
            // Keeps the cache of the first reader warm, so it is fast at once when it becomes the writer.
            // https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.cluster-cache-mgmt.html
            new("apg_ccm_enabled", "1"),
        ],
        InstanceParameters =
        [
            new("idle_in_transaction_session_timeout", $"{IdleTransactionMilliseconds}"),
            new("log_lock_waits", "1"),
            new("log_min_duration_statement", $"{SlowMilliseconds}"),
            new("log_statement", "ddl"),
        ],
    };

    /// <remarks>
    /// 3.10 has long-term support; 3.10.5 is of 30 July 2026
    /// (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraMySQLReleaseNotes/AuroraMySQL.Updates.3105.html).
    /// </remarks>
    public static readonly DatabaseEngine MySql = new()
    {
        Name = "mysql",
        Aurora = "aurora-mysql",
        EngineType = Aws.Rds.EngineType.AuroraMysql,
        ProxyFamily = "MYSQL",
        // Clients of MySQL 9 no longer support the older one.
        PasswordScheme = "MYSQL_CACHING_SHA2_PASSWORD",
        Port = 3306,
        UrlOptions = "ssl-mode=VERIFY_IDENTITY",
        Versions = [new("8.0.mysql_aurora.3.10.4", "aurora-mysql8.0"), new("8.0.mysql_aurora.3.10.5", "aurora-mysql8.0")],
        ReservedNames = Databases.ReservedNames.MySql,
        LogTypes = ["audit", "error", "slowquery"],
        ClusterParameters =
        [
            // A parameter of the cluster; parameter groups of instances do not have it.
            new("innodb_print_all_deadlocks", "1"),
            new("require_secure_transport", "ON"),
            new("server_audit_events", "CONNECT,QUERY_DCL,QUERY_DDL"),
            new("server_audit_logging", "1"),
        ],
        InstanceParameters =
        [
            new("log_output", "FILE"),
            new("long_query_time", $"{SlowMilliseconds / 1_000}"),
            new("slow_query_log", "1"),
        ],
    };

    public static readonly ImmutableArray<DatabaseEngine> All = [PostgreSql, MySql];

    /// <summary>Name in the settings, and the end of the names of its resources.</summary>
    public required string Name { get; init; }

    /// <summary>Name that RDS has for it.</summary>
    public required string Aurora { get; init; }

    /// <summary>The engine name for its instances.</summary>
    public required Aws.Rds.EngineType EngineType { get; init; }

    /// <summary>Protocol of its proxy.</summary>
    public required string ProxyFamily { get; init; }

    /// <summary>Authentication method between clients and the proxy.</summary>
    public required string PasswordScheme { get; init; }

    public required int Port { get; init; }

    /// <summary>Makes clients check the certificate of the proxy, which public authorities vouch for, and its name.</summary>
    public required string UrlOptions { get; init; }

    /// <summary>Oldest first.</summary>
    public required ImmutableArray<EngineVersion> Versions { get; init; }

    /// <summary>Names that no database in it can have.</summary>
    public required IReadOnlySet<string> ReservedNames { get; init; }

    /// <summary>Logs that go to CloudWatch.</summary>
    public required ImmutableArray<string> LogTypes { get; init; }

    public required ImmutableArray<DatabaseParameter> ClusterParameters { get; init; }

    public required ImmutableArray<DatabaseParameter> InstanceParameters { get; init; }

    /// <summary>Name of a log group; RDS chooses it (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_LogAccess.html).</summary>
    public string LogGroup(string cluster, string log) => $"/aws/rds/cluster/{cluster}-{Name}/{log}";

    /// <summary>Name of the log group of its proxy; RDS chooses it.</summary>
    public string ProxyLogGroup(string cluster) => $"/aws/rds/proxy/{cluster}-{Name}";

    /// <summary>All its log groups.</summary>
    /// <param name="cluster">Name of the Kubernetes cluster.</param>
    public IEnumerable<string> LogGroups(string cluster) => LogTypes.Select(log => LogGroup(cluster, log)).Append(ProxyLogGroup(cluster));
}

/// <summary>A parameter that differs from what AWS sets.</summary>
/// <param name="NeedsRestart">Whether it takes effect only after a restart of the instance.</param>
public sealed record DatabaseParameter(string Name, string Value, bool NeedsRestart = false);

/// <summary>A version of an engine and its family of parameter groups.</summary>
/// <param name="Number">As the settings and AWS name it.</param>
/// <param name="Family">Family of parameter groups.</param>
public sealed record EngineVersion(string Number, string Family);
