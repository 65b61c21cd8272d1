using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Validation;

/// <summary>
/// The rules that operators run into: names, labels, replicas, selectors, what cannot change. Not the whole of
/// https://github.com/kubernetes/kubernetes/tree/master/pkg/apis (validation): ports, probes, volumes, affinity, resources of a node, RBAC rules, network
/// policies, schedules and most fields of most kinds are taken as they come.
/// </summary>
internal static partial class ObjectRules
{
    private const string SubdomainRule =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    private const string LabelRule =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    private const string LabelValueRule =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    // RBAC names may hold colons and capitals.
    private static readonly string[] FreeNames = ["rbac.authorization.k8s.io"];

    /// <exception cref="StatusException">422, with every fault that was found.</exception>
    public static void Validate(ResourceKind kind, JsonObject value, StoredObject? old)
    {
        var errors = new List<FieldError>();
        var metadata = value["metadata"]!.AsObject();
        ValidateMetadata(kind, metadata, errors);
        if (value["spec"] is JsonObject spec)
            WorkloadRules.Validate(kind, spec, errors);
        if (old is not null)
            ImmutabilityRules.Validate(kind, value, old, errors);
        if (errors.Count > 0)
            throw StatusException.Invalid(kind, metadata["name"].AsText() ?? "", errors);
    }

    internal static void ValidateLabels(JsonNode? labels, string path, List<FieldError> errors)
    {
        foreach (var (_, label) in labels as JsonObject ?? [])
        {
            if (label.AsText() is { } text && (text.Length > 63 || !LabelValue().IsMatch(text)))
                errors.Add(FieldError.Invalid(path, $"\"{text}\"", text.Length > 63 ? "must be no more than 63 characters" : LabelValueRule));
        }
    }

    private static void ValidateMetadata(ResourceKind kind, JsonObject metadata, List<FieldError> errors)
    {
        if (metadata["name"].AsText() is { Length: > 0 } name && !FreeNames.Contains(kind.Group))
        {
            var isLabel = kind.Group.Length == 0 && kind.Plural is "namespaces" or "services";
            var (limit, rule) = isLabel ? (63, LabelRule) : (253, SubdomainRule);
            if (name.Length > limit)
                errors.Add(FieldError.Invalid("metadata.name", $"\"{name}\"", $"must be no more than {limit} characters"));
            else if (!(isLabel ? DnsLabel() : DnsSubdomain()).IsMatch(name))
                errors.Add(FieldError.Invalid("metadata.name", $"\"{name}\"", rule));
        }
        ValidateLabels(metadata["labels"], "metadata.labels", errors);
    }

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex DnsLabel();

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex DnsSubdomain();

    [GeneratedRegex(@"\A(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?\z")]
    private static partial Regex LabelValue();
}
