using System.Collections.Immutable;
using HaCluster.Engine.Validation;
using HaCluster.Stack.Settings.Namespaces;

namespace HaCluster.Stack.Settings.Backups;

/// <summary>Backups of cluster objects and volumes (<c>ha-cluster:backups</c>).</summary>
public sealed record BackupsSettings
{
    public required bool IsEnabled { get; init; }

    /// <summary>Objects alone: small, so often.</summary>
    public required BackupSchedule Objects { get; init; }

    /// <summary>Objects and snapshots of volumes.</summary>
    public required BackupSchedule Volumes { get; init; }

    /// <summary>Namespaces that are not backed up.</summary>
    public required ImmutableArray<string> ExcludedNamespaces { get; init; }

    /// <summary>Days that the bucket keeps what was deleted from it: nothing in the cluster can shorten them.</summary>
    public required int KeepDeletedDays { get; init; }

    /// <summary>What is allowed but worth a second thought.</summary>
    public IEnumerable<string> Notices()
    {
        if (!IsEnabled)
        {
            yield return "ha-cluster:backups.enabled is false; a deleted namespace or volume cannot be restored";
            yield break;
        }

        if (Volumes.RetentionDays < 7)
            yield return $"ha-cluster:backups.volumes.retentionDays is {Volumes.RetentionDays}; damage that is noticed after {Volumes.RetentionDays} days is in every backup";
    }

    /// <param name="zones">Number of zones of the cluster.</param>
    public static BackupsSettings Read(SettingsReader reader, int zones)
    {
        var settings = new BackupsSettings
        {
            IsEnabled = reader.Boolean("enabled", "Whether Velero backs up objects and volumes into its own bucket.", true),
            Objects = BackupSchedule.Read(reader.Object("objects", "Backups of all Kubernetes objects, without the contents of volumes."), "17 * * * *", retentionDays: 7),
            Volumes = BackupSchedule.Read(reader.Object("volumes", "Backups of all objects with snapshots of the volumes. Volumes of chain nodes are not included: they have their own snapshots."), "42 1 * * *", retentionDays: 30),
            ExcludedNamespaces = reader.TextList("excludedNamespaces", "Namespaces that are not backed up.", [], Shapes.KubernetesName),
            KeepDeletedDays = reader.Int32(
                "keepDeletedDays",
                "Days that the bucket keeps deleted objects as old versions, which nothing in the cluster can delete.",
                30, 1, 3650),
        };
        reader.Close();
        return settings;
    }

    /// <summary>Checks that need other settings.</summary>
    /// <param name="reader">Reader of <c>ha-cluster:backups</c>.</param>
    /// <param name="namespaces">All namespaces.</param>
    public void Check(SettingsReader reader, ImmutableArray<NamespaceProfile> namespaces)
    {
        if (!IsEnabled)
            return;

        var names = namespaces.Select(profile => profile.Name).Concat(ClusterNamespaces.OfKubernetes).ToHashSet(StringComparer.Ordinal);
        foreach (var name in ExcludedNamespaces.Where(name => !names.Contains(name)))
        {
            var hint = NearestName.Find(name, names, 1) is [var nearest] ? $"did you mean {nearest}?" : "remove it";
            reader.Problems.Add(reader.PathOf("excludedNamespaces"), SettingsReader.Shown(name), $"the cluster has no such namespace; {hint}");
        }
    }
}
