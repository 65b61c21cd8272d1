using System.Collections.Immutable;
using System.Text.RegularExpressions;
using HaCluster.Stack.Databases;
using HaCluster.Stack.Guardrails;

namespace HaCluster.Stack.Settings.Databases;

/// <summary>One database (<c>ha-cluster:databases.ENGINE</c>).</summary>
public sealed partial record DatabaseSettings
{
    // https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/CHAP_Limits.html
    private const int MostReaders = 15;

    private const int MostRotationDays = 365;
    private const int LongestRetentionDays = 35;
    private const string DefaultClass = "db.r7g.large";

    private static readonly ImmutableArray<string> TooSmall = ["nano", "micro", "small"];

    public required DatabaseEngine Engine { get; init; }

    public required bool IsEnabled { get; init; }

    public required EngineVersion Version { get; init; }

    /// <summary>Of the writer and of all readers: any of them may be the writer tomorrow.</summary>
    public required string InstanceClass { get; init; }

    /// <summary>1 to 15, beside the writer.</summary>
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
            IsEnabled = reader.Boolean("enabled", true),
            Version = reader.Choice("version", engine.Versions[^1], engine.Versions.ToDictionary(version => version.Number)),
            InstanceClass = ReadClass(reader),
            Readers = ReadReaders(reader, Math.Min(zones - 1, 2)),
            BackupRetentionDays = reader.Int32(
                "backupRetentionDays", 14, 1, LongestRetentionDays, $"Aurora keeps backups for 1 to {LongestRetentionDays} days: choose among these"),
            DeletionProtection = reader.Boolean("deletionProtection", true),
            RotationDays = reader.Int32("rotationDays", 7, 1, MostRotationDays),
            Database = ReadDatabase(reader),
            Namespaces = reader.TextList("namespaces", [ClusterNamespaces.Payments]),
        };
        reader.Close();
        return settings;
    }

    private static int ReadReaders(SettingsReader reader, int fallback)
    {
        var readers = reader.Int32("readers", fallback, int.MinValue, int.MaxValue);
        if (readers < 1)
            reader.Problems.Add(reader.PathOf("readers"), readers, "a writer alone does not survive the loss of its zone: set 1 or more");
        else if (readers > MostReaders)
            reader.Problems.Add(reader.PathOf("readers"), readers, $"Aurora has {MostReaders} readers at most, beside the writer");
        else
            return readers;

        return fallback;
    }

    // https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.DBInstanceClass.Types.html. Older t classes have no Performance Insights.
    private static string ReadClass(SettingsReader reader)
    {
        var name = reader.Text("instanceClass", DefaultClass);
        var type = name.StartsWith("db.", StringComparison.Ordinal) ? InstanceType.Parse(name["db.".Length..]) : null;
        if (type is not null && ClassShape().IsMatch(name) && !TooSmall.Contains(type.Size))
            return name;

        reader.Problems.Add(
            reader.PathOf("instanceClass"),
            $"\"{name}\"",
            $"Aurora runs on classes of the families r, x and t4g, from db.t4g.medium on: choose one such as {DefaultClass}");
        return DefaultClass;
    }

    private static string ReadDatabase(SettingsReader reader)
    {
        const string Fallback = "app";
        var name = reader.Text("database", Fallback);
        if (DatabaseShape().IsMatch(name))
            return name;

        reader.Problems.Add(
            reader.PathOf("database"), $"\"{name}\"", "a database is named by lower-case letters, digits and underscores, a letter first, 63 at most");
        return Fallback;
    }

    [GeneratedRegex(@"^db\.([rx]\d|t4g\.)")]
    private static partial Regex ClassShape();

    [GeneratedRegex("^[a-z][a-z0-9_]{0,62}$")]
    private static partial Regex DatabaseShape();
}
