using System.Text.Json.Nodes;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Validation;

/// <summary>What cannot change once it is there.</summary>
internal static class ImmutabilityRules
{
    private const string StatefulSetRule =
        "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

    private const string PodRule =
        "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

    private static readonly string[] StatefulSetMutable =
        ["replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit", "persistentVolumeClaimRetentionPolicy", "minReadySeconds"];

    private static readonly Dictionary<string, string[]> Immutable = new()
    {
        ["deployments.apps"] = ["selector"],
        ["replicasets.apps"] = ["selector"],
        ["daemonsets.apps"] = ["selector"],
        ["jobs.batch"] = ["selector", "completions", "template", "completionMode"],
    };

    public static void Validate(ResourceKind kind, JsonObject value, StoredObject old, List<FieldError> errors)
    {
        // The world may have stored it without what clients get filled in.
        var before = old.ToJson();
        Defaults.Fill(kind, before, isNew: false);
        var (oldSpec, spec) = (before["spec"] as JsonObject ?? [], value["spec"] as JsonObject ?? []);
        foreach (var field in Immutable.GetValueOrDefault(kind.Resource, []).Where(field => !JsonNode.DeepEquals(oldSpec[field], spec[field])))
            errors.Add(FieldError.Invalid($"spec.{field}", spec[field]?.ToJsonString(StoredJson.Options) ?? "null", "field is immutable"));
        switch (kind.Resource)
        {
            case "statefulsets.apps" when !JsonNode.DeepEquals(Without(oldSpec, StatefulSetMutable), Without(spec, StatefulSetMutable)):
                errors.Add(FieldError.Forbidden("spec", StatefulSetRule));
                break;
            case "pods" when !JsonNode.DeepEquals(FixedPart(oldSpec), FixedPart(spec)):
                errors.Add(FieldError.Forbidden("spec", PodRule));
                break;
            case "persistentvolumeclaims":
                ValidateClaim(oldSpec, spec, errors);
                break;
            case "configmaps" or "secrets" when before["immutable"]?.GetValue<bool>() ?? false:
                ValidateImmutableData(before, value, errors);
                break;
            default:
                break;
        }
    }

    // https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/core/validation/validation.go (ValidatePersistentVolumeClaimUpdate)
    private static void ValidateClaim(JsonObject oldSpec, JsonObject spec, List<FieldError> errors)
    {
        string[] mutable = ["resources", "volumeName", "volumeAttributesClassName", "storageClassName"];
        if (!JsonNode.DeepEquals(Without(oldSpec, mutable), Without(spec, mutable)))
            errors.Add(FieldError.Forbidden("spec", "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"));
        var (before, after) = (Storage(oldSpec), Storage(spec));
        if (before is not null && after < before)
            errors.Add(FieldError.Forbidden("spec.resources.requests.storage", "field can not be less than status.capacity"));
    }

    private static decimal? Storage(JsonObject spec) =>
        spec["resources"]?["requests"]?["storage"] is { } storage ? HaCluster.Planning.Capacity.Quantity.Parse(storage.ToString()) : null;

    private static void ValidateImmutableData(JsonObject before, JsonObject value, List<FieldError> errors)
    {
        if (value["immutable"] is null || !value["immutable"]!.GetValue<bool>())
            errors.Add(FieldError.Forbidden("immutable", "field is immutable when `immutable` is set"));
        foreach (var field in ((string[])["data", "binaryData"]).Where(field => !JsonNode.DeepEquals(before[field], value[field])))
            errors.Add(FieldError.Forbidden(field, "field is immutable when `immutable` is set"));
    }

    private static JsonObject FixedPart(JsonObject spec)
    {
        var copy = Without(spec, ["activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds", "ephemeralContainers"]);
        foreach (var container in ((string[])["containers", "initContainers"]).SelectMany(list => copy[list] as JsonArray ?? []).OfType<JsonObject>())
            container.Remove("image");
        return copy;
    }

    private static JsonObject Without(JsonObject value, string[] names)
    {
        var copy = value.DeepClone().AsObject();
        foreach (var name in names)
            copy.Remove(name);
        return copy;
    }
}
