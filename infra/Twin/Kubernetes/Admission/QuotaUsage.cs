using System.Text.Json;
using HaCluster.Twin.Storage;
using k8s.Models;

namespace HaCluster.Twin.Kubernetes.Admission;

/// <summary>What an object counts against a quota: https://kubernetes.io/docs/concepts/policy/resource-quotas/#types-of-resource-quota</summary>
internal static class QuotaUsage
{
    private static readonly string[] CountedByName = ["services", "secrets", "configmaps", "replicationcontrollers", "resourcequotas", "persistentvolumeclaims"];
    private static readonly string[] ComputeResources = ["cpu", "memory", "ephemeral-storage"];

    /// <summary>Whether a quota over these resources looks at objects of a kind.</summary>
    public static bool IsCounted(ResourceKind kind, IEnumerable<string> resources) => resources.Any(resource =>
        resource == $"count/{kind.Resource}"
        || (kind.Group.Length == 0 && kind.Plural switch
        {
            "pods" => resource == "pods" || IsCompute(resource),
            "persistentvolumeclaims" => resource is "persistentvolumeclaims" or "requests.storage" || resource.Contains(".storageclass.", StringComparison.Ordinal),
            "services" => resource.StartsWith("services", StringComparison.Ordinal),
            _ => resource == kind.Plural,
        }));

    public static Dictionary<string, decimal> Of(ResourceKind kind, JsonElement value)
    {
        if (kind is { Group: "", Plural: "pods" })
            return OfPod(value);
        var usage = new Dictionary<string, decimal> { [$"count/{kind.Resource}"] = 1 };
        if (kind.Group.Length > 0)
            return usage;
        if (CountedByName.Contains(kind.Plural))
            usage[kind.Plural] = 1;
        if (kind.Plural == "services")
            AddService(value, usage);
        else if (kind.Plural == "persistentvolumeclaims")
            AddClaim(value, usage);
        return usage;
    }

    /// <summary>The containers of a pod that do not say how much of a resource they want, though a quota limits it.</summary>
    public static List<string> ContainersWithout(JsonElement pod, string resource)
    {
        var (section, name) = Split(resource);
        if (!ComputeResources.Contains(name))
            return [];
        return [.. Containers(pod, "containers").Concat(Containers(pod, "initContainers"))
            .Where(container => Find(container, "resources", section, name) is null)
            .Select(container => container.GetProperty("name").GetString()!).Order(StringComparer.Ordinal)];
    }

    // https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#resource-sharing-within-containers
    private static Dictionary<string, decimal> OfPod(JsonElement pod)
    {
        // A pod that ended uses nothing.
        if (Find(pod, "status", "phase")?.GetString() is "Succeeded" or "Failed")
            return [];
        var usage = new Dictionary<string, decimal> { ["pods"] = 1, ["count/pods"] = 1 };
        foreach (var section in (string[])["requests", "limits"])
        {
            foreach (var name in ComputeResources)
            {
                var sidecars = Containers(pod, "initContainers").Where(container => Find(container, "restartPolicy")?.GetString() == "Always").Sum(container => Amount(container, section, name));
                var largestInit = Containers(pod, "initContainers").Select(container => Amount(container, section, name)).DefaultIfEmpty().Max();
                var total = Math.Max(Containers(pod, "containers").Sum(container => Amount(container, section, name)) + sidecars, largestInit)
                    + (Find(pod, "spec", "overhead", name) is { } overhead ? Value(overhead) : 0);
                usage[$"{section}.{name}"] = total;
                if (section == "requests")
                    usage[name] = total;
            }
        }
        return usage;
    }

    private static void AddService(JsonElement service, Dictionary<string, decimal> usage)
    {
        var type = Find(service, "spec", "type")?.GetString();
        var ports = Find(service, "spec", "ports") is { ValueKind: JsonValueKind.Array } list ? list.GetArrayLength() : 0;
        if (type == "LoadBalancer")
            usage["services.loadbalancers"] = 1;
        if (type is "LoadBalancer" or "NodePort")
            usage["services.nodeports"] = ports;
    }

    private static void AddClaim(JsonElement claim, Dictionary<string, decimal> usage)
    {
        var storage = Find(claim, "spec", "resources", "requests", "storage") is { } amount ? Value(amount) : 0;
        usage["requests.storage"] = storage;
        if (Find(claim, "spec", "storageClassName")?.GetString() is { Length: > 0 } storageClass)
        {
            usage[$"{storageClass}.storageclass.storage.k8s.io/requests.storage"] = storage;
            usage[$"{storageClass}.storageclass.storage.k8s.io/persistentvolumeclaims"] = 1;
        }
    }

    private static bool IsCompute(string resource) => ComputeResources.Contains(Split(resource).Name);

    private static (string Section, string Name) Split(string resource) =>
        resource.StartsWith("limits.", StringComparison.Ordinal) ? ("limits", resource["limits.".Length..])
        : resource.StartsWith("requests.", StringComparison.Ordinal) ? ("requests", resource["requests.".Length..])
        : ("requests", resource);

    private static decimal Amount(JsonElement container, string section, string name) => Find(container, "resources", section, name) is { } amount ? Value(amount) : 0;

    private static decimal Value(JsonElement quantity) => new ResourceQuantity(quantity.ToString()).ToDecimal();

    private static JsonElement.ArrayEnumerator Containers(JsonElement pod, string list) => Find(pod, "spec", list) is { ValueKind: JsonValueKind.Array } found ? found.EnumerateArray() : default;

    internal static JsonElement? Find(JsonElement value, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
                return null;
        }
        return value.ValueKind == JsonValueKind.Null ? null : value;
    }
}
