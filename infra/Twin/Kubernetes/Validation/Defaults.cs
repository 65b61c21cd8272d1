using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Validation;

/// <summary>
/// What the API server fills in: https://github.com/kubernetes/kubernetes/tree/master/pkg/apis (defaults.go). The plain ones are data; those that depend on
/// other fields are here. Not done: probes, volumes, topology, priorities, service account mounts, LimitRanges, node ports, addresses that are surely unique.
/// </summary>
internal static class Defaults
{
    private static readonly JsonObject Table = Read();

    public static void Fill(ResourceKind kind, JsonObject value, bool isNew)
    {
        if (Table[kind.Resource] is not JsonObject defaults || kind.IsCustom)
            return;
        foreach (var (name, part) in defaults.Where(pair => isNew || pair.Key != "status"))
            FillProperty(value, name, part);
        FillDependent(kind, value, isNew);
    }

    private static void FillDependent(ResourceKind kind, JsonObject value, bool isNew)
    {
        if (value["spec"] is not JsonObject spec)
            return;
        switch (kind.Plural)
        {
            case "pods":
                FillContainers(spec);
                if (isNew)
                    value["status"]!["qosClass"] = QosClass(spec);
                break;
            case "deployments":
                FillRolling(spec["strategy"], new JsonObject { ["maxSurge"] = "25%", ["maxUnavailable"] = "25%" });
                break;
            case "statefulsets":
                FillRolling(spec["updateStrategy"], new JsonObject { ["partition"] = 0 });
                break;
            case "daemonsets":
                FillRolling(spec["updateStrategy"], new JsonObject { ["maxSurge"] = 0, ["maxUnavailable"] = 1 });
                break;
            case "services":
                FillService(value, spec);
                break;
            default:
                break;
        }
        if (spec["template"]?["spec"] is JsonObject pod)
            FillContainers(pod);
        if (spec["template"] is JsonObject template && kind.Group is "apps" or "batch" && spec["template"]!["metadata"] is null)
            template["metadata"] = new JsonObject();
    }

    private static void FillRolling(JsonNode? strategy, JsonObject defaults)
    {
        if (strategy is JsonObject fields && fields["type"].AsText() == "RollingUpdate")
            FillProperty(fields, "rollingUpdate", defaults);
    }

    private static void FillContainers(JsonObject pod)
    {
        foreach (var container in Containers(pod))
        {
            var image = container["image"].AsText() ?? "";
            var tag = image[(image.LastIndexOf('/') + 1)..];
            if (container["imagePullPolicy"] is null)
                container["imagePullPolicy"] = tag.Contains('@', StringComparison.Ordinal) || (tag.Contains(':', StringComparison.Ordinal) && !tag.EndsWith(":latest", StringComparison.Ordinal)) ? "IfNotPresent" : "Always";
            // Requests default to limits.
            if (container["resources"]?["limits"] is JsonObject limits)
            {
                if (container["resources"]!["requests"] is not JsonObject requests)
                    container["resources"]!["requests"] = requests = [];
                foreach (var (name, limit) in limits.Where(limit => !requests.ContainsKey(limit.Key)).ToList())
                    requests[name] = limit?.DeepClone();
            }
        }
    }

    // https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/
    private static string QosClass(JsonObject pod)
    {
        var resources = Containers(pod).Select(container => (Requests: container["resources"]?["requests"] as JsonObject ?? [], Limits: container["resources"]?["limits"] as JsonObject ?? [])).ToList();
        if (resources.All(pair => pair.Requests.Count == 0 && pair.Limits.Count == 0))
            return "BestEffort";
        return resources.All(pair => ((string[])["cpu", "memory"]).All(name => pair.Limits[name] is { } limit && JsonNode.DeepEquals(pair.Requests[name], limit))) ? "Guaranteed" : "Burstable";
    }

    private static void FillService(JsonObject value, JsonObject spec)
    {
        foreach (var port in (spec["ports"] as JsonArray ?? []).OfType<JsonObject>().Where(port => port["targetPort"] is null && spec["clusterIP"].AsText() != "None"))
            port["targetPort"] = port["port"]?.DeepClone();
        if (spec["clusterIP"] is null && spec["type"].AsText() != "ExternalName")
        {
            // The same service always gets the same address.
            var hash = 2166136261u;
            foreach (var letter in Encoding.UTF8.GetBytes($"{value["metadata"]?["namespace"]}/{value["metadata"]?["name"]}"))
                hash = (hash ^ letter) * 16777619u;
            spec["clusterIP"] = string.Create(CultureInfo.InvariantCulture, $"172.20.{hash >> 8 & 255}.{1 + (hash & 255) % 254}");
            spec["clusterIPs"] = new JsonArray(spec["clusterIP"]!.DeepClone());
        }
    }

    private static IEnumerable<JsonObject> Containers(JsonObject pod) =>
        ((string[])["initContainers", "containers"]).SelectMany(name => (pod[name] as JsonArray ?? []).OfType<JsonObject>());

    private static void FillProperty(JsonObject target, string name, JsonNode? defaults)
    {
        // "containers[]" is every item of a list; a name instead of a value stands for a part that several kinds share.
        if (defaults.AsText() is "podSpec" or "container")
            defaults = Table[defaults.AsText()!];
        if (name.EndsWith("[]", StringComparison.Ordinal))
        {
            foreach (var item in (target[name[..^2]] as JsonArray ?? []).OfType<JsonObject>())
                FillAll(item, defaults!.AsObject());
        }
        else if (defaults is JsonObject fields)
        {
            if (target[name] is null)
                target[name] = new JsonObject();
            if (target[name] is JsonObject nested)
                FillAll(nested, fields);
        }
        else if (target[name] is null)
            target[name] = defaults?.DeepClone();
    }

    private static void FillAll(JsonObject target, JsonObject defaults)
    {
        foreach (var (name, part) in defaults)
            FillProperty(target, name, part);
    }

    private static JsonObject Read()
    {
        using var stream = typeof(Defaults).Assembly.GetManifestResourceStream("defaults.json")!;
        return JsonNode.Parse(stream)!.AsObject();
    }
}
