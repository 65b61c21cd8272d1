using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Twin.Storage;
using k8s.Models;

namespace HaCluster.Twin.Kubernetes.Admission;

/// <summary>
/// Gives containers the requests and limits of their namespace's LimitRange, and refuses those outside its bounds: https://kubernetes.io/docs/concepts/policy/limit-range/
/// Items of the type Container only; ratios, pods and claims are not checked.
/// </summary>
internal sealed class LimitRangeAdmission : IAdmission
{
    public void Admit(AdmissionRequest request)
    {
        if (request is not { Operation: AdmissionOperation.Create, Kind: { Group: "", Plural: "pods" }, Object: { } pod })
            return;
        var ranges = request.Store.List(request.Store.Kinds["limitranges"], pod["metadata"]!["namespace"].AsText()).Items;
        var errors = new List<string>();
        foreach (var item in ranges.SelectMany(range => Items(range)))
        {
            foreach (var container in Containers(pod))
                Apply(item, container, errors);
        }
        if (errors.Count > 0)
            throw StatusException.Forbidden(request.Kind, pod["metadata"]!["name"].AsText() ?? "", errors.Count == 1 ? errors[0] : $"[{string.Join(", ", errors)}]");
    }

    private static void Apply(JsonElement item, JsonObject container, List<string> errors)
    {
        if (container["resources"] is not JsonObject resources)
            container["resources"] = resources = [];
        Fill(resources, "limits", Section(item, "default"));
        Fill(resources, "requests", Section(item, "defaultRequest"));
        // Requests default to limits, also to those that were filled in.
        Fill(resources, "requests", resources["limits"] is JsonObject limits ? JsonSerializer.SerializeToElement(limits) : null);
        Check(item, "max", resources, "limits", "limit", (amount, bound) => amount > bound, errors);
        Check(item, "min", resources, "requests", "request", (amount, bound) => amount < bound, errors);
    }

    private static void Fill(JsonObject resources, string section, JsonElement? defaults)
    {
        if (defaults is not { } values)
            return;
        if (resources[section] is not JsonObject target)
            resources[section] = target = [];
        foreach (var value in values.EnumerateObject().Where(value => !target.ContainsKey(value.Name)))
            target[value.Name] = value.Value.ToString();
    }

    // https://github.com/kubernetes/kubernetes/blob/master/plugin/pkg/admission/limitranger/admission.go
    private static void Check(JsonElement item, string bound, JsonObject resources, string section, string noun, Func<decimal, decimal, bool> isOutside, List<string> errors)
    {
        var word = bound == "max" ? "maximum" : "minimum";
        foreach (var limit in Section(item, bound) is { } bounds ? bounds.EnumerateObject() : default)
        {
            var prefix = $"{word} {limit.Name} usage per Container is {limit.Value}";
            if (resources[section]?[limit.Name] is not { } amount)
                errors.Add($"{prefix}.  No {noun} is specified");
            else if (isOutside(new ResourceQuantity(amount.ToString()).ToDecimal(), new ResourceQuantity(limit.Value.ToString()).ToDecimal()))
                errors.Add($"{prefix}, but {noun} is {amount}");
        }
    }

    private static IEnumerable<JsonElement> Items(StoredObject range) => range.Find("spec", "limits") is { ValueKind: JsonValueKind.Array } limits
        ? limits.EnumerateArray().Where(item => item.GetProperty("type").GetString() == "Container")
        : [];

    private static JsonElement? Section(JsonElement item, string name) => item.TryGetProperty(name, out var section) && section.ValueKind == JsonValueKind.Object ? section : null;

    private static IEnumerable<JsonObject> Containers(JsonObject pod) =>
        ((string[])["initContainers", "containers"]).SelectMany(list => (pod["spec"]?[list] as JsonArray ?? []).OfType<JsonObject>());
}
