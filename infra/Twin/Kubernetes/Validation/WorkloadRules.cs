using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Twin.Kubernetes.Requests;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Validation;

/// <summary>Replicas, selectors and containers: https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/apps/validation/validation.go</summary>
internal static class WorkloadRules
{
    private static readonly string[] NotNegative = ["replicas", "revisionHistoryLimit", "minReadySeconds", "completions", "parallelism", "backoffLimit"];

    public static void Validate(ResourceKind kind, JsonObject spec, List<FieldError> errors)
    {
        if (kind.Group is "apps" or "batch" || kind.Plural == "replicationcontrollers")
            ValidateController(kind, spec, errors);
        else if (kind is { Group: "", Plural: "pods" })
            ValidatePod(spec, "spec", errors);
        else if (kind is { Group: "policy", Plural: "poddisruptionbudgets" })
            ValidateBudget(spec, errors);
        else if (kind is { Group: "coordination.k8s.io", Plural: "leases" } && spec["leaseDurationSeconds"].AsLong() is <= 0 and var seconds)
            errors.Add(FieldError.Invalid("spec.leaseDurationSeconds", Number(seconds), "must be greater than 0"));
    }

    private static void ValidateController(ResourceKind kind, JsonObject spec, List<FieldError> errors)
    {
        foreach (var field in NotNegative)
        {
            if (spec[field].AsLong() is < 0 and var number)
                errors.Add(FieldError.Invalid($"spec.{field}", Number(number), "must be greater than or equal to 0"));
        }
        if (spec["template"] is not JsonObject template)
        {
            if (kind.Plural is "deployments" or "replicasets" or "statefulsets" or "daemonsets")
                errors.Add(FieldError.Required("spec.template", ""));
            return;
        }
        ObjectRules.ValidateLabels(template["metadata"]?["labels"], "spec.template.metadata.labels", errors);
        if (kind.Group == "apps")
            ValidateSelector(spec, template, errors);
        ValidatePod(template["spec"] as JsonObject ?? [], "spec.template.spec", errors);
    }

    private static void ValidateSelector(JsonObject spec, JsonObject template, List<FieldError> errors)
    {
        if (spec["selector"] is not JsonObject selector)
        {
            errors.Add(FieldError.Required("spec.selector", ""));
            return;
        }
        var valid = errors.Count;
        ValidateExpressions(selector, errors);
        if (errors.Count > valid)
            return;
        var labels = (template["metadata"]?["labels"] as JsonObject ?? []).ToDictionary(label => label.Key, label => label.Value.AsText() ?? "");
        if (LabelSelectors.Of(JsonSerializer.SerializeToElement(selector)) is not { Requirements.IsEmpty: false } parsed)
            errors.Add(FieldError.Invalid("spec.selector", selector.ToJsonString(StoredJson.Options), "empty selector is invalid for deployment"));
        else if (!parsed.Matches(labels))
            errors.Add(FieldError.Invalid("spec.template.metadata.labels", JsonSerializer.Serialize(labels), "`selector` does not match template `labels`"));
    }

    /// <summary>As in https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go</summary>
    private static void ValidateExpressions(JsonObject selector, List<FieldError> errors)
    {
        foreach (var (at, expression) in (selector["matchExpressions"] as JsonArray ?? []).OfType<JsonObject>().Index())
        {
            var path = $"spec.selector.matchExpressions[{at}]";
            var hasValues = expression["values"] is JsonArray { Count: > 0 };
            switch (expression["operator"].AsText())
            {
                case "In" or "NotIn" when !hasValues:
                    errors.Add(FieldError.Required($"{path}.values", "must be specified when `operator` is 'In' or 'NotIn'"));
                    break;
                case "Exists" or "DoesNotExist" when hasValues:
                    errors.Add(FieldError.Forbidden($"{path}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
                    break;
                case "In" or "NotIn" or "Exists" or "DoesNotExist":
                    break;
                case var other:
                    errors.Add(FieldError.Invalid($"{path}.operator", $"\"{other}\"", "not a valid selector operator"));
                    break;
            }
        }
    }

    private static void ValidatePod(JsonObject pod, string path, List<FieldError> errors)
    {
        var containers = (pod["containers"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        if (containers.Count == 0)
            errors.Add(FieldError.Required($"{path}.containers", ""));
        var names = new HashSet<string>();
        for (var at = 0; at < containers.Count; at++)
        {
            if (containers[at]["name"].AsText() is not { Length: > 0 } name)
                errors.Add(FieldError.Required($"{path}.containers[{at}].name", ""));
            else if (!names.Add(name))
                errors.Add(new($"{path}.containers[{at}].name", "FieldValueDuplicate", $"Duplicate value: \"{name}\""));
            if (containers[at]["image"].AsText() is not { Length: > 0 })
                errors.Add(FieldError.Required($"{path}.containers[{at}].image", ""));
        }
        if (pod["terminationGracePeriodSeconds"].AsLong() is < 0 and var seconds)
            errors.Add(FieldError.Invalid($"{path}.terminationGracePeriodSeconds", Number(seconds), "must be greater than or equal to 0"));
    }

    private static void ValidateBudget(JsonObject spec, List<FieldError> errors)
    {
        if (spec["selector"] is JsonObject selector)
            ValidateExpressions(selector, errors);
        if (spec["minAvailable"] is not null && spec["maxUnavailable"] is not null)
            errors.Add(FieldError.Invalid("spec", spec.ToJsonString(StoredJson.Options), "minAvailable and maxUnavailable cannot be both set"));
        foreach (var field in (string[])["minAvailable", "maxUnavailable"])
        {
            if (spec[field].AsLong() is < 0 and var number)
                errors.Add(FieldError.Invalid($"spec.{field}", Number(number), "must be greater than or equal to 0"));
            else if (spec[field].AsText() is { } text && !(text.EndsWith('%') && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var percent) && percent <= 100))
                errors.Add(FieldError.Invalid($"spec.{field}", $"\"{text}\"", "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"));
        }
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
