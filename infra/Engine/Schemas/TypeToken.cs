namespace HaCluster.Engine.Schemas;

/// <summary>Type tokens: <c>package:module:Name</c>.</summary>
internal static class TypeToken
{
    public const string ProviderPrefix = "pulumi:providers:";
    public const string StackReference = "pulumi:pulumi:StackReference";

    public static bool IsValid(string type) => type.Split(':') is [{ Length: > 0 }, _, { Length: > 0 }];

    public static string Package(string type) => type[..Math.Max(type.IndexOf(':', StringComparison.Ordinal), 0)];

    public static bool IsProvider(string type) => type.StartsWith(ProviderPrefix, StringComparison.Ordinal);

    /// <summary>The package of the resources a resource's provider must be for: a provider manages its own package.</summary>
    public static string ManagedPackage(string type) => IsProvider(type) ? type[ProviderPrefix.Length..] : Package(type);

    /// <summary>
    /// True for an object of a custom resource definition, <c>kubernetes:cert-manager.io/v1:Certificate</c>: the group is none of
    /// Kubernetes' own and not the provider's <c>helm.sh</c>.
    /// </summary>
    public static bool IsKubernetesCustomResource(string type) =>
        type.Split(':') is ["kubernetes", var module, _]
        && module.Split('/') is [var group, { Length: > 0 }]
        && group.Contains('.', StringComparison.Ordinal)
        && !IsBuiltInGroup(group);

    private static bool IsBuiltInGroup(string group) => group is
        "helm.sh" or "admissionregistration.k8s.io" or "apiextensions.k8s.io" or "apiregistration.k8s.io" or "auditregistration.k8s.io"
        or "authentication.k8s.io" or "authorization.k8s.io" or "certificates.k8s.io" or "coordination.k8s.io" or "discovery.k8s.io"
        or "events.k8s.io" or "flowcontrol.apiserver.k8s.io" or "internal.apiserver.k8s.io" or "networking.k8s.io" or "node.k8s.io"
        or "rbac.authorization.k8s.io" or "resource.k8s.io" or "scheduling.k8s.io" or "settings.k8s.io" or "storage.k8s.io"
        or "storagemigration.k8s.io";
}
