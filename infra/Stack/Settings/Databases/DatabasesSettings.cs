using System.Collections.Immutable;
using HaCluster.Stack.Settings.Namespaces;

namespace HaCluster.Stack.Settings.Databases;

/// <summary>Aurora databases, their proxies and credentials (<c>ha-cluster:databases</c>).</summary>
public sealed record DatabasesSettings
{
    private const string Key = "databases";

    // With fewer days, the backup from before a mistake on a Friday is deleted before it is noticed after a week of holidays.
    private const int ShortRetentionDays = 7;

    private readonly int _zones;

    private DatabasesSettings(int zones) => _zones = zones;

    public required bool IsEnabled { get; init; }

    /// <summary>Days that CloudWatch keeps the logs of databases and proxies.</summary>
    public required int LogRetentionDays { get; init; }

    /// <summary>Those that are switched on.</summary>
    public required ImmutableArray<DatabaseSettings> All { get; init; }

    /// <summary>What is allowed but worth a second thought.</summary>
    public IEnumerable<string> Notices() => IsEnabled ? All.SelectMany(NoticesOf) : [];

    /// <summary>Reports what does not fit the rest of the settings: names of namespaces, and of the cluster.</summary>
    /// <param name="reader">Reader of the top level.</param>
    /// <param name="clusterName">Name of the cluster, the beginning of the databases' names.</param>
    /// <param name="namespaces">All namespaces there will be.</param>
    public void Check(SettingsReader reader, string clusterName, ImmutableArray<NamespaceProfile> namespaces)
    {
        if (!IsEnabled)
            return;

        if (!All.IsEmpty && clusterName.Contains("--", StringComparison.Ordinal))
            reader.Problems.Add(reader.PathOf("name"), SettingsReader.Shown(clusterName), "RDS allows no two dashes in a row in the name of a database: remove one");

        foreach (var database in All)
        {
            foreach (var (name, index) in database.Namespaces.Select((name, index) => (name, index)))
            {
                if (Fault(name, namespaces) is { } fault)
                    reader.Problems.Add($"{reader.PathOf(Key)}.{database.Engine.Name}.namespaces[{index}]", SettingsReader.Shown(name), fault);
            }
        }
    }

    /// <param name="zones">Number of zones of the cluster.</param>
    public static DatabasesSettings Read(SettingsReader reader, int zones)
    {
        var isEnabled = reader.Boolean("enabled", "Whether to create Aurora databases.", true);
        var databases = DatabaseEngine.All
            .Select(engine => DatabaseSettings.Read(reader.Object(engine.Name, $"An Aurora database of engine {engine.Aurora}, with its proxy and credentials."), engine, zones))
            .Where(database => database.IsEnabled)
            .ToImmutableArray();
        if (isEnabled && databases.IsEmpty)
            reader.Problems.Add(reader.PathOf("enabled"), "is true, but no engine is enabled: enable one, or set this to false");

        var settings = new DatabasesSettings(zones)
        {
            IsEnabled = isEnabled,
            LogRetentionDays = LogRetention.Read(reader, "logRetentionDays", "Days that CloudWatch keeps the logs of databases and proxies.", 90),
            All = databases,
        };
        reader.Close();
        return settings;
    }

    private static string? Fault(string name, ImmutableArray<NamespaceProfile> namespaces)
    {
        if (namespaces.FirstOrDefault(profile => profile.Name == name) is not { } profile)
            return $"the cluster has no such namespace: choose one of {string.Join(", ", WithReach(namespaces))}, or declare it under ha-cluster:namespaces";

        if (profile.Reach.HasFlag(Reach.Data))
            return null;

        return ClusterNamespaces.All.Any(own => own.Name == name)
            ? $"its pods may not open connections to databases: choose one of {string.Join(", ", WithReach(namespaces))}"
            : $"its pods may not open connections to databases: add data to ha-cluster:namespaces.{name}.reach";
    }

    private static IEnumerable<string> WithReach(ImmutableArray<NamespaceProfile> namespaces) =>
        namespaces.Where(profile => profile.Reach.HasFlag(Reach.Data)).Select(profile => profile.Name);

    private IEnumerable<string> NoticesOf(DatabaseSettings database)
    {
        var path = $"ha-cluster:{Key}.{database.Engine.Name}";
        if (database.Readers < Math.Min(_zones - 1, 2))
            yield return $"{path}.readers is {database.Readers}; after a failover no reader is left to take over until the lost zone is back";

        if (database.IsBurstable)
            yield return $"{path}.instanceClass is {database.InstanceClass}; it slows down when its CPU credits are used up, and a failover often comes at high load";

        if (database.BackupRetentionDays < ShortRetentionDays)
            yield return $"{path}.backupRetentionDays is {database.BackupRetentionDays}; a mistake that is noticed later cannot be undone";

        if (!database.DeletionProtection)
            yield return $"{path}.deletionProtection is false; `pulumi destroy` deletes the database and keeps a final snapshot";

        if (database.Namespaces.IsEmpty)
            yield return $"{path}.namespaces is empty; no namespace gets its credentials";
    }
}
