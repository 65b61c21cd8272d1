using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Modelling.Objects;

/// <summary>Objects that pods need to start: service accounts, config maps, secrets.</summary>
internal static class References
{
    private static readonly string[] ContainerLists = ["initContainers", "containers"];

    // Every namespace has them (https://kubernetes.io/docs/concepts/security/service-accounts/#default-service-accounts).
    private static readonly HashSet<string> OfEveryNamespace = ["ServiceAccount default", "ConfigMap kube-root-ca.crt"];

    /// <summary>
    /// The provided object, as <c>Kind namespace/name</c>: itself, or the object that a controller creates for it. Null for other kinds.
    /// </summary>
    public static string? Provided(ClusterObject subject) => (subject.Object.Group, subject.Object.Kind) switch
    {
        ("", "ServiceAccount" or "ConfigMap" or "Secret") => $"{subject.Kind} {subject.Namespace}/{subject.Name}",
        ("external-secrets.io", "ExternalSecret") => $"Secret {subject.Namespace}/{subject.Spec.At("target", "name").Text() ?? subject.Name}",
        ("cert-manager.io", "Certificate") => $"Secret {subject.Namespace}/{subject.Spec.At("secretName").Text()}",
        ("bitnami.com", "SealedSecret") => $"Secret {subject.Namespace}/{subject.Name}",
        ("secrets-store.csi.x-k8s.io", "SecretProviderClass") => $"Secret {subject.Namespace}/{subject.Spec.At("secretObjects").Items().FirstOrDefault().At("secretName").Text()}",
        _ => null,
    };

    /// <summary>Objects that the pods need and nothing provides, as <c>Kind namespace/name</c>.</summary>
    public static IEnumerable<string> Missing(ClusterObject subject, IReadOnlySet<string> provided) => Named(PodTemplates.SpecOf(subject))
        .Where(reference => reference.Name is { Length: > 0 } && !OfEveryNamespace.Contains($"{reference.Kind} {reference.Name}"))
        .Select(reference => $"{reference.Kind} {subject.Namespace}/{reference.Name}")
        .Where(reference => !provided.Contains(reference))
        .Distinct(StringComparer.Ordinal);

    private static IEnumerable<(string Kind, string? Name)> Named(PropertyValue? spec)
    {
        yield return ("ServiceAccount", spec.At("serviceAccountName").Text());
        foreach (var container in ContainerLists.SelectMany(list => spec.At(list).Items()))
        {
            foreach (var source in container.At("envFrom").Items().Concat(container.At("env").Items().Select(variable => variable.At("valueFrom") ?? variable)))
            {
                foreach (var (kind, field) in new[] { ("ConfigMap", "configMapRef"), ("Secret", "secretRef"), ("ConfigMap", "configMapKeyRef"), ("Secret", "secretKeyRef") })
                {
                    if (Required(source.At(field)) is { } reference)
                        yield return (kind, reference.At("name").Text());
                }
            }
        }

        foreach (var source in spec.At("volumes").Items().Concat(spec.At("volumes").Items().SelectMany(volume => volume.At("projected", "sources").Items())))
        {
            if (Required(source.At("configMap")) is { } map)
                yield return ("ConfigMap", map.At("name").Text());
            if (Required(source.At("secret")) is { } secret)
                yield return ("Secret", secret.At("secretName").Text() ?? secret.At("name").Text());
        }
    }

    private static PropertyValue? Required(PropertyValue? reference) => reference.At("optional").IsTrue() ? null : reference;
}
