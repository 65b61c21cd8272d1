using System.Text.Json;
using HaCluster.Simulation.Model;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Requests;

/// <summary>Which objects a list or watch wants: a label selector and a field selector.</summary>
internal sealed class Selection(LabelSelector labels, FieldSelector fields)
{
    public bool IsEmpty => labels.Requirements.IsEmpty && fields.IsEmpty;

    public static Selection Of(ApiRequest request) =>
        new(LabelSelectors.Parse(request.Query("labelSelector")), FieldSelector.Parse(request.Kind, request.Query("fieldSelector")).WithName(request.Name));

    public bool Matches(StoredObject value) => labels.Matches(value.Labels) && fields.Matches(value);
}

/// <summary>Conditions on fields, as far as the server knows the field: https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/</summary>
internal sealed class FieldSelector(IReadOnlyList<(string[] Path, bool IsEqual, string Value)> terms)
{
    private static readonly Dictionary<string, string[]> Known = new()
    {
        ["pods"] = ["spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork", "status.phase", "status.podIP", "status.nominatedNodeName"],
        ["nodes"] = ["spec.unschedulable"],
        ["namespaces"] = ["status.phase"],
        ["secrets"] = ["type"],
        ["events"] =
        [
            "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid", "involvedObject.apiVersion",
            "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason", "reportingComponent", "source", "type",
        ],
        ["replicasets.apps"] = ["status.replicas"],
        ["replicationcontrollers"] = ["status.replicas"],
        ["jobs.batch"] = ["status.successful"],
    };

    public bool IsEmpty => terms.Count == 0;

    /// <exception cref="StatusException">400: a field that cannot be selected by, or a term that is not KEY=VALUE.</exception>
    public static FieldSelector Parse(ResourceKind kind, string? text)
    {
        var terms = new List<(string[], bool, string)>();
        foreach (var term in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = term.IndexOf('=', StringComparison.Ordinal);
            if (at < 1)
                throw StatusException.BadRequest($"invalid field selector: invalid selector: '{term}'; can't understand '{term}'");
            var isEqual = term[at - 1] != '!';
            var field = term[..(isEqual ? at : at - 1)];
            if (field is not ("metadata.name" or "metadata.namespace") && !Known.GetValueOrDefault(kind.Resource, []).Contains(field))
                throw StatusException.BadRequest($"Unable to find \"{kind.Group}/{kind.Version}, Resource={kind.Plural}\" that match label selector \"\", field selector \"{text}\": field label not supported: {field}");
            terms.Add((Path(field), isEqual, term[(at + 1)..].TrimStart('=')));
        }
        return new(terms);
    }

    /// <summary>Watching one object by its path.</summary>
    public FieldSelector WithName(string? name) => name is null ? this : new([.. terms, (["metadata", "name"], true, name)]);

    public bool Matches(StoredObject value) => terms.All(term => (Value(value, term.Path) == term.Value) == term.IsEqual);

    private static string[] Path(string field) => field == "source" ? ["source", "component"] : field.Split('.');

    private static string Value(StoredObject value, string[] path) => value.Find(path) switch
    {
        null => path is ["spec", "unschedulable" or "hostNetwork"] ? "false" : "",
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { } other => other.GetRawText(),
    };
}
