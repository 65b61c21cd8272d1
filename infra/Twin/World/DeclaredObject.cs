using System.Text.Json;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.World;

/// <summary>What an object of the store declares.</summary>
internal static class DeclaredObject
{
    private static readonly string[] Described = ["labels", "annotations"];

    /// <summary>What whoever wrote it declares, as text: all but its status and what the server keeps about it.</summary>
    public static string TextOf(StoredObject item) => string.Join('\n', item.Root.EnumerateObject()
        .Where(member => member.Name is not ("status" or "metadata")).Select(member => $"{member.Name}: {Json.Canonical(member.Value)}")
        .Concat(Described.Select(name => item.Find("metadata", name) is { } value ? Json.Canonical(value) : "")));

    /// <summary>Null for objects that are not workloads, or that a workload of the run makes; the Jobs of a CronJob are workloads.</summary>
    public static string? WorkloadKindOf(StoredObject item) => item.Kind.Kind != "Job" && item.Owners.Any(owner => owner.IsController) ? null
        : item.Kind.Kind is "Deployment" or "StatefulSet" or "DaemonSet" or "ReplicaSet" or "ReplicationController" or "Job" or "CronJob" ? item.Kind.Kind : null;

    /// <summary>Of the pods of a workload.</summary>
    public static JsonElement? TemplateOf(StoredObject item) => item.Kind.Kind == "CronJob" ? item.Find("spec", "jobTemplate", "spec", "template") : item.Find("spec", "template");

    public static string TemplateTextOf(StoredObject item) => TemplateOf(item) is { } template ? Json.Canonical(template) : "";
}
