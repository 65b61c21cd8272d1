using System.Collections.Immutable;
using HaCluster.Stack.Settings.Namespaces;

namespace HaCluster.Stack.Settings.Databases;

/// <summary>One database (<c>ha-cluster:databases.ENGINE</c>).</summary>
public sealed record DatabaseSettings
{
    // https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/CHAP_Limits.html
    private const int MaxReaders = 15;

    private const int MaxRotationDays = 365;
    private const int LongestRetentionDays = 35;
    private const string DefaultClass = "db.r7g.large";

    public required DatabaseEngine Engine { get; init; }

    public required bool IsEnabled { get; init; }

    public required EngineVersion Version { get; init; }

    /// <summary>Of the writer and of all readers: any of them may be the writer tomorrow.</summary>
    public required string InstanceClass { get; init; }

    /// <summary>1 to 15, in addition to the writer.</summary>
    public required int Readers { get; init; }

    /// <summary>How far back the database can be taken, to any second; 1 to 35.</summary>
    public required int BackupRetentionDays { get; init; }

    public required bool DeletionProtection { get; init; }

    /// <summary>After how many days Secrets Manager changes the password.</summary>
    public required int RotationDays { get; init; }

    /// <summary>Name of the database that is made in it.</summary>
    public required string Database { get; init; }

    /// <summary>Namespaces that get the address and the credentials.</summary>
    public required ImmutableArray<string> Namespaces { get; init; }

    /// <summary>Whether it runs on a class that is fast only while it has credits.</summary>
    public bool IsBurstable => InstanceClass.StartsWith("db.t", StringComparison.Ordinal);

    /// <param name="zones">Number of zones of the cluster.</param>
    public static DatabaseSettings Read(SettingsReader reader, DatabaseEngine engine, int zones)
    {
        var settings = new DatabaseSettings
        {
            Engine = engine,
            IsEnabled = reader.Boolean("enabled", "Whether to create this database.", true),
            Version = reader.Choice(
                "version",
                "Version of the engine, in quotes; one with long-term support. To change the major version use a blue/green deployment, not this setting.",
                engine.Versions[^1], engine.Versions.ToDictionary(version => version.Number)),
            InstanceClass = reader.Text(
                "instanceClass",
                "Instance class of the writer and of all readers: any reader may become the writer.",
                DefaultClass, Shapes.DatabaseClass),
            Readers = reader.Int32(
                "readers",
                "Readers in addition to the writer, each in the next zone. One takes over when the writer is lost.",
                Math.Min(zones - 1, 2),
                1,
                MaxReaders,
                "without a reader, the database does not survive the loss of the writer's zone: set 1 or more",
                $"Aurora allows at most {MaxReaders} readers in addition to the writer"),
            BackupRetentionDays = reader.Int32(
                "backupRetentionDays", "Days of backups. The database can be restored to any second of them.", 14, 1, LongestRetentionDays, $"Aurora keeps backups for 1 to {LongestRetentionDays} days: choose a number in that range"),
            DeletionProtection = reader.Boolean("deletionProtection", "Whether AWS refuses to delete the database.", true),
            RotationDays = reader.Int32("rotationDays", "Age in days at which passwords are changed: that of the master user by Secrets Manager, those of the namespaces' users by a job that runs in the cluster every night.", 7, 1, MaxRotationDays),
            Database = ReadDatabase(reader, engine),
            Namespaces = reader.TextList(
                "namespaces",
                "Namespaces that each get a database user, and a secret named after the engine with its credentials and the address of the database. Their pods need reach to data.",
                [ClusterNamespaces.Payments], Shapes.KubernetesName),
        };
        reader.Close();
        return settings;
    }

    private static string ReadDatabase(SettingsReader reader, DatabaseEngine engine)
    {
        const string Fallback = "app";
        var name = reader.Text(
            "database",
            "Name of the first database, created with the cluster. It cannot be changed later.",
            Fallback, Shapes.DatabaseName);
        if (!engine.ReservedNames.Contains(name))
            return name;

        reader.Problems.Add(reader.PathOf("database"), SettingsReader.Shown(name), $"{engine.Name} reserves this name, and RDS refuses it: choose another, such as {name}_app");
        return Fallback;
    }
}
