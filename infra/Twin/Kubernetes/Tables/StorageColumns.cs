using System.Text.Json;
using HaCluster.Twin.Storage;
using static HaCluster.Twin.Kubernetes.Tables.TableColumn;

namespace HaCluster.Twin.Kubernetes.Tables;

/// <summary>The columns of volumes and their classes.</summary>
internal static class StorageColumns
{
    public static TableColumn[] Volumes { get; } =
    [
        ObjectName, new("Capacity", value => TableColumns.Scalar(value.Find("spec", "capacity", "storage"), "")), new("Access Modes", value => Modes(value.Find("spec", "accessModes"))),
        new("Reclaim Policy", value => value.Text("spec", "persistentVolumeReclaimPolicy")), new("Status", Phase),
        new("Claim", value => value.Text("spec", "claimRef", "name") is { } claim ? $"{value.Text("spec", "claimRef", "namespace")}/{claim}" : ""),
        new("StorageClass", value => value.Text("spec", "storageClassName")), new("VolumeAttributesClass", value => value.Text("spec", "volumeAttributesClassName") ?? "<unset>"),
        new("Reason", value => value.Text("status", "reason")), Age, Wide("VolumeMode", value => value.Text("spec", "volumeMode") ?? "<unset>"),
    ];

    public static TableColumn[] Claims { get; } =
    [
        ObjectName, new("Status", Phase), new("Volume", value => value.Text("spec", "volumeName")),
        new("Capacity", value => TableColumns.Scalar(value.Find("status", "capacity", "storage"), "")), new("Access Modes", value => Modes(value.Find("status", "accessModes"))),
        new("StorageClass", value => value.Text("spec", "storageClassName")), new("VolumeAttributesClass", value => value.Text("spec", "volumeAttributesClassName") ?? "<unset>"),
        Age, Wide("VolumeMode", value => value.Text("spec", "volumeMode") ?? "<unset>"),
    ];

    public static TableColumn[] Classes { get; } =
    [
        new("Name", value => value.Text("metadata", "annotations", "storageclass.kubernetes.io/is-default-class") == "true" ? value.Name + " (default)" : value.Name),
        new("Provisioner", value => value.Text("provisioner")), new("ReclaimPolicy", value => value.Text("reclaimPolicy") ?? "Delete"),
        new("VolumeBindingMode", value => value.Text("volumeBindingMode") ?? "Immediate"),
        new("AllowVolumeExpansion", value => value.Find("allowVolumeExpansion") is { ValueKind: JsonValueKind.True }, type: "string"), Age,
    ];

    public static TableColumn[] Attachments { get; } =
    [
        ObjectName, Text("Attacher", "spec", "attacher"), new("PV", value => value.Text("spec", "source", "persistentVolumeName")), Text("Node", "spec", "nodeName"),
        new("Attached", value => value.Find("status", "attached") is { ValueKind: JsonValueKind.True }, type: "boolean"), Age,
    ];

    private static string Phase(StoredObject value) => value.IsDeleting ? "Terminating" : value.Text("status", "phase") ?? "";

    private static string Modes(JsonElement? modes) => modes is { ValueKind: JsonValueKind.Array } list
        ? string.Join(',', list.EnumerateArray().Select(mode => mode.GetString() switch
        {
            "ReadWriteOnce" => "RWO",
            "ReadOnlyMany" => "ROX",
            "ReadWriteMany" => "RWX",
            "ReadWriteOncePod" => "RWOP",
            var other => other,
        }))
        : "";
}
