using System.Globalization;
using System.Text.Json.Nodes;
using HaCluster.Planning.Rendering;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.World;

/// <summary>Writes the objects of a plan into a new store, as an apply would.</summary>
internal sealed class PlannedObjects(ObjectStore store, WorkloadRecords records, DateTimeOffset now)
{
    /// <summary>https://cert-manager.io/docs/usage/certificate/: 90 days, of which a third is left at renewal.</summary>
    private const int DefaultHours = 90 * 24;

    public void Write(IReadOnlyCollection<KubernetesObject> objects)
    {
        foreach (var subject in objects.Where(one => store.Kinds.FindByKind(one.ApiVersion, one.Kind) is null).DistinctBy(one => (one.Group, one.Kind)).ToList())
            Define(subject, isNamespaced: objects.Any(one => one.Group == subject.Group && one.Kind == subject.Kind && one.Namespace is not null));
        foreach (var subject in objects.Where(one => one.Kind == "Namespace"))
            Create(subject);
        foreach (var name in objects.Select(one => one.Namespace).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            if (store.Find(store.Kinds["namespaces"], null, name) is null)
                records.Wrote(store.Create(store.Kinds["namespaces"], Json.Map(("metadata", Json.Map(("name", name))))));
        }

        foreach (var subject in objects.Where(one => one.Kind != "Namespace"))
            Create(subject);
    }

    private void Create(KubernetesObject subject)
    {
        if (store.Kinds.FindByKind(subject.ApiVersion, subject.Kind) is not { } kind)
            return;
        var value = Json.Of(subject);
        var metadata = value.Member("metadata");
        if (kind.Namespaced)
            metadata["namespace"] ??= "default";
        else
            metadata.Remove("namespace");
        if (store.Find(kind, (string?)metadata["namespace"], subject.Name) is not null)
            return;
        foreach (var spec in new[] { value["spec"]?["template"]?["spec"], value["spec"]?["jobTemplate"]?["spec"]?["template"]?["spec"] }.OfType<JsonObject>())
            PodObjects.NameImages(spec);
        if (subject.Kind == "Service" && value["spec"] is JsonObject service)
            Services.Complete(service, subject.Namespace ?? "default", subject.Name);
        if (subject is { Kind: "Certificate", Group: "cert-manager.io" })
            Issue(value);
        records.Wrote(store.Create(kind, value));
    }

    /// <summary>In place of cert-manager, which the twin does not run: issued at the start, and never renewed.</summary>
    private void Issue(JsonObject certificate)
    {
        var duration = (string?)certificate["spec"]?["duration"] ?? "";
        var hours = int.TryParse(duration.Split('h')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : DefaultHours;
        certificate["status"] = Json.Map(
            ("conditions", new JsonArray(Json.Map(
                ("type", "Ready"), ("status", "True"), ("reason", "Ready"), ("message", "Certificate is up to date and has not expired"), ("lastTransitionTime", Text(now))))),
            ("notBefore", Text(now)), ("notAfter", Text(now.AddHours(hours))), ("renewalTime", Text(now.AddHours(hours * 2 / 3.0))), ("revision", 1));

        static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }

    /// <summary>The definition that a chart brings, without its schema.</summary>
    private void Define(KubernetesObject subject, bool isNamespaced)
    {
        if (subject.Group.Length == 0)
            return;
        var name = subject.Kind.ToLowerInvariant();
        var plural = name.EndsWith('s') ? $"{name}es" : name.EndsWith('y') && name.Length > 1 && !"aeiou".Contains(name[^2], StringComparison.Ordinal) ? $"{name[..^1]}ies" : $"{name}s";
        var version = subject.ApiVersion[(subject.ApiVersion.IndexOf('/', StringComparison.Ordinal) + 1)..];
        records.Wrote(store.Create(store.Kinds["customresourcedefinitions.apiextensions.k8s.io"], Json.Map(
            ("metadata", Json.Map(("name", $"{plural}.{subject.Group}"))),
            ("spec", Json.Map(
                ("group", subject.Group),
                ("scope", isNamespaced ? "Namespaced" : "Cluster"),
                ("names", Json.Map(("kind", subject.Kind), ("listKind", $"{subject.Kind}List"), ("plural", plural), ("singular", name))),
                ("versions", new JsonArray(Json.Map(
                    ("name", version),
                    ("served", true),
                    ("storage", true),
                    ("subresources", Json.Map(("status", new JsonObject()))),
                    ("schema", Json.Map(("openAPIV3Schema", Json.Map(("type", "object"), ("x-kubernetes-preserve-unknown-fields", true)))))))))))));
    }
}
