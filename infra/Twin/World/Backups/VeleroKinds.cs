using System.Text.Json.Nodes;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.World.Backups;

/// <summary>The kinds that Velero's chart defines, as far as people use them: https://velero.io/docs/main/api-types/</summary>
internal static class VeleroKinds
{
    public const string Group = "velero.io", Backups = $"backups.{Group}", Restores = $"restores.{Group}", Schedules = $"schedules.{Group}", Locations = $"backupstoragelocations.{Group}";

    private const string Version = "v1";

    private static readonly (string Kind, string Plural, string? Short)[] All =
        [("Backup", "backups", null), ("Restore", "restores", null), ("Schedule", "schedules", null), ("BackupStorageLocation", "backupstoragelocations", "bsl")];

    /// <summary>Those that the API server serves now.</summary>
    public static IEnumerable<string> ServedBy(ObjectStore store) => All.Where(one => store.Kinds.FindByKind($"{Group}/{Version}", one.Kind) is not null).Select(one => $"{one.Plural}.{Group}");

    /// <summary>A plan with an object of Velero has its chart, which brings all of its kinds.</summary>
    public static void Complete(ObjectStore store, WorkloadRecords records)
    {
        if (!ServedBy(store).Any())
            return;
        foreach (var (kind, plural, shortName) in All.Where(one => store.Kinds.FindByKind($"{Group}/{Version}", one.Kind) is null))
        {
            records.Wrote(store.Create(store.Kinds["customresourcedefinitions.apiextensions.k8s.io"], Json.Map(
                ("metadata", Json.Map(("name", $"{plural}.{Group}"))),
                ("spec", Json.Map(
                    ("group", Group),
                    ("scope", "Namespaced"),
                    ("names", Json.Map(
                        ("kind", kind), ("listKind", $"{kind}List"), ("plural", plural), ("singular", kind.ToLowerInvariant()), ("shortNames", shortName is null ? null : new JsonArray(shortName)))),
                    ("versions", new JsonArray(Json.Map(
                        ("name", Version), ("served", true), ("storage", true),
                        ("schema", Json.Map(("openAPIV3Schema", Json.Map(("type", "object"), ("x-kubernetes-preserve-unknown-fields", true)))))))))))));
        }
    }
}
