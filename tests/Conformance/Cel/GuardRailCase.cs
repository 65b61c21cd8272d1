using System.Text.Json.Nodes;
using HaCluster.Conformance.Emit;
using YamlDotNet.Serialization;

namespace HaCluster.Conformance.Cel;

/// <summary>A request to the API server, and what each policy must find wrong with it.</summary>
/// <param name="What">What is special about it.</param>
/// <param name="Request">As the evaluator takes it.</param>
/// <param name="Findings">By policy; none where the request is fine.</param>
public sealed record GuardRailCase(string What, JsonObject Request, IReadOnlyDictionary<string, string> Findings)
{
    private const string Pods = "pods";

    private static readonly JsonObject Good = Parse(
        """
        {"name":"app","image":"nginx:1.27","resources":{
          "requests":{"cpu":"100m","memory":"256Mi","ephemeral-storage":"512Mi"},
          "limits":{"cpu":"1","memory":"1Gi","ephemeral-storage":"1Gi"}}}
        """);

    /// <summary>The table beside this file, whose head says what the words mean.</summary>
    public static IReadOnlyList<GuardRailCase> All { get; } =
        [.. Read(Path.Combine(Checkout.Root, "tests", "Conformance", "Cel", "guard-rails.yaml")).Select(row => Of(row!.AsObject()))];

    private static GuardRailCase Of(JsonObject row)
    {
        var resource = Text(row, "resource") ?? Pods;
        var operation = Text(row, "operation") ?? (resource.Contains('/', StringComparison.Ordinal) ? "UPDATE" : "CREATE");
        var user = Text(row, "by") ?? "alice";
        var dot = resource.IndexOf('.', StringComparison.Ordinal);
        var old = row["old"] as JsonObject ?? [];
        return new GuardRailCase(
            Text(row, "what")!,
            new JsonObject
            {
                ["group"] = dot < 0 ? "" : resource[(dot + 1)..],
                ["resource"] = dot < 0 ? resource : resource[..dot],
                ["object"] = Object(row, resource),
                ["oldObject"] = operation == "UPDATE" ? Object(Merge(row, old), resource) : null,
                ["request"] = new JsonObject
                {
                    ["operation"] = operation,
                    ["namespace"] = Text(row, "in") ?? "payments",
                    ["userInfo"] = new JsonObject { ["username"] = user },
                },
            },
            (row["says"] as JsonObject ?? []).ToDictionary(says => says.Key, says => says.Value!.ToString()));
    }

    private static JsonNode Object(JsonObject row, string resource)
    {
        if (row["object"] is { } whole)
            return whole.DeepClone();

        var pod = Merge(
            new JsonObject { ["containers"] = new JsonArray(Merge(Good, row["app"] as JsonObject ?? [])) },
            row["pod"] as JsonObject ?? []);
        if (row["init"] is JsonObject init)
            pod["initContainers"] = new JsonArray(Merge(Merge(Good, Parse("""{"name":"init"}""")), init));
        if (row["debug"] is JsonObject debug)
            pod["ephemeralContainers"] = new JsonArray(Merge(Parse("""{"name":"debug","image":"busybox:1.37"}"""), debug));

        return resource switch
        {
            _ when resource.StartsWith(Pods, StringComparison.Ordinal) => Kind("Pod", pod),
            "deployments.apps" => Kind("Deployment", Template(pod)),
            "statefulsets.apps" => Kind("StatefulSet", Template(pod)),
            "daemonsets.apps" => Kind("DaemonSet", Template(pod)),
            "jobs.batch" => Kind("Job", Template(pod)),
            "cronjobs.batch" => Kind("CronJob", new JsonObject { ["jobTemplate"] = new JsonObject { ["spec"] = Template(pod) } }),
            _ => throw new InvalidDataException($"a case on {resource} has to give its object"),
        };
    }

    private static JsonObject Template(JsonObject pod) => new() { ["template"] = new JsonObject { ["spec"] = pod } };

    private static JsonObject Kind(string kind, JsonObject spec) => new() { ["kind"] = kind, ["spec"] = spec };

    /// <summary>A merge patch (RFC 7396): null takes away.</summary>
    private static JsonObject Merge(JsonObject target, JsonObject changes)
    {
        var merged = target.DeepClone().AsObject();
        foreach (var (name, value) in changes)
        {
            if (value is null)
                merged.Remove(name);
            else
                merged[name] = value is JsonObject inner ? Merge(merged[name] as JsonObject ?? [], inner) : value.DeepClone();
        }

        return merged;
    }

    private static string? Text(JsonObject row, string name) => row[name]?.ToString();

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    private static JsonArray Read(string path)
    {
        var content = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize(File.ReadAllText(path));
        return JsonNode.Parse(new SerializerBuilder().JsonCompatible().DisableAliases().Build().Serialize(content))!.AsArray();
    }
}
