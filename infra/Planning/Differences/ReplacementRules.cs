using System.Collections.Frozen;
using System.Collections.Immutable;
using HaCluster.Engine.Graph;

namespace HaCluster.Planning.Differences;

/// <summary>The effect of a property change on its resource.</summary>
public enum ReplacementEffect
{
    InPlace,
    Replaces,
    Unknown,
}

/// <summary>
/// The changes that make a provider replace a resource. For Kubernetes the provider's list is complete
/// (https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/provider/diff.go). For AWS the official typings do not say it: replacements.txt
/// holds what is known of the types in use, and everything else is <see cref="ReplacementEffect.Unknown"/>.
/// </summary>
internal static class ReplacementRules
{
    private const string Anything = "*";

    private static readonly FrozenDictionary<string, Rule> Aws = Load();

    /// <summary>By kind, in addition to the name and namespace of every object.</summary>
    private static readonly FrozenDictionary<string, string[]> Kubernetes = new Dictionary<string, string[]>
    {
        ["apps/v1:DaemonSet"] = ["spec.selector"],
        ["apps/v1:Deployment"] = ["spec.selector"],
        ["apps/v1:StatefulSet"] = ["spec.podManagementPolicy", "spec.revisionHistoryLimit", "spec.selector", "spec.serviceName", "spec.volumeClaimTemplates"],
        ["batch/v1:Job"] = ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
        ["core/v1:PersistentVolumeClaim"] = ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"],
        ["core/v1:ResourceQuota"] = ["spec.scopes"],
        ["core/v1:Service"] = ["spec.clusterIP"],
        // Unless the provider is configured to treat them as mutable (enableSecretMutable, enableConfigMapMutable).
        ["core/v1:Secret"] = ["type", "stringData", "data"],
        ["core/v1:ConfigMap"] = ["binaryData", "data"],
        ["rbac.authorization.k8s.io/v1:ClusterRoleBinding"] = ["roleRef"],
        ["rbac.authorization.k8s.io/v1:RoleBinding"] = ["roleRef"],
        ["storage.k8s.io/v1:StorageClass"] = ["parameters", "provisioner"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // The provider has a longer list for these, which nothing here declares.
    private static readonly string[] KubernetesUnknown = ["core/v1:Pod", "core/v1:PersistentVolume"];

    public static ReplacementEffect Of(ResourceNode resource, string path) => resource.Type.Split(':', 2) switch
    {
        // Name and namespace identify a release; every other change is a Helm upgrade.
        ["kubernetes", var kind] when kind.StartsWith("helm.sh/", StringComparison.Ordinal) =>
            path is "name" or "namespace" ? ReplacementEffect.Unknown : ReplacementEffect.InPlace,
        ["kubernetes", var kind] when KubernetesUnknown.Contains(kind) => ReplacementEffect.Unknown,
        ["kubernetes", var kind] =>
            Within(path, ["apiVersion", "kind", "metadata.name", "metadata.namespace", .. Kubernetes.GetValueOrDefault(kind, [])]) ? ReplacementEffect.Replaces : ReplacementEffect.InPlace,
        ["pulumi", ..] => ReplacementEffect.Unknown,
        _ when path == "region" => ReplacementEffect.Replaces,
        _ when Within(path, ["tags"]) => ReplacementEffect.InPlace,
        _ when !Aws.TryGetValue(resource.Type, out var rule) => ReplacementEffect.Unknown,
        _ when Within(path, Aws[resource.Type].Replaces) => ReplacementEffect.Replaces,
        _ => Within(path, Aws[resource.Type].InPlace) ? ReplacementEffect.InPlace : ReplacementEffect.Unknown,
    };

    private static bool Within(string path, IEnumerable<string> outer) => outer.Any(each =>
        each == Anything || (path.StartsWith(each, StringComparison.Ordinal) && (path.Length == each.Length || path[each.Length] is '.' or '[')));

    private static FrozenDictionary<string, Rule> Load()
    {
        using var reader = new StreamReader(typeof(ReplacementRules).Assembly.GetManifestResourceStream("replacements.txt")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split(" | "))
            .ToFrozenDictionary(parts => parts[0].Trim(), parts => new Rule(Words(parts[1]), Words(parts[2])), StringComparer.Ordinal);

        static ImmutableArray<string> Words(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => word != "-")];
    }

    private sealed record Rule(ImmutableArray<string> Replaces, ImmutableArray<string> InPlace);
}
