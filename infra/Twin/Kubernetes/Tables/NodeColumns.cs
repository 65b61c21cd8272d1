using System.Text.Json;
using HaCluster.Twin.Storage;
using static HaCluster.Twin.Kubernetes.Tables.TableColumn;

namespace HaCluster.Twin.Kubernetes.Tables;

/// <summary>The columns of nodes (printNode of the real printers).</summary>
internal static class NodeColumns
{
    private const string RolePrefix = "node-role.kubernetes.io/";

    public static TableColumn[] All { get; } =
    [
        ObjectName, new("Status", Status), new("Roles", Roles), Age, new("Version", node => Info(node, "kubeletVersion")),
        Wide("Internal-IP", node => Address(node, "InternalIP")), Wide("External-IP", node => Address(node, "ExternalIP")), Wide("OS-Image", node => Info(node, "osImage")),
        Wide("Kernel-Version", node => Info(node, "kernelVersion")), Wide("Container-Runtime", node => Info(node, "containerRuntimeVersion")),
    ];

    private static string Status(StoredObject node)
    {
        var ready = List(node, "conditions").Where(condition => Text(condition, "type") == "Ready").Select(condition => Text(condition, "status")).FirstOrDefault();
        var status = ready switch { "True" => "Ready", null => "Unknown", _ => "NotReady" };
        return node.Find("spec", "unschedulable") is { ValueKind: JsonValueKind.True } ? status + ",SchedulingDisabled" : status;
    }

    private static string Roles(StoredObject node)
    {
        var roles = node.Labels.Where(label => label.Key.StartsWith(RolePrefix, StringComparison.Ordinal)).Select(label => label.Key[RolePrefix.Length..])
            .Append(node.Labels.GetValueOrDefault("kubernetes.io/role")).Where(role => !string.IsNullOrEmpty(role)).Order(StringComparer.Ordinal).Distinct().ToList();
        return roles.Count == 0 ? "<none>" : string.Join(',', roles);
    }

    private static string Info(StoredObject node, string field) => node.Text("status", "nodeInfo", field) is { Length: > 0 } text ? text : "<unknown>";

    private static string Address(StoredObject node, string type) =>
        List(node, "addresses").Where(address => Text(address, "type") == type).Select(address => Text(address, "address")).FirstOrDefault() ?? "<none>";

    private static IEnumerable<JsonElement> List(StoredObject node, string name) => node.Find("status", name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    private static string? Text(JsonElement value, string name) => value.TryGetProperty(name, out var found) ? found.GetString() : null;
}
