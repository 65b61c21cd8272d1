using System.Collections.Immutable;

namespace HaCluster.Planning.Modelling;

/// <summary>Which settings control the quota of a namespace. Names are without <c>ha-cluster:</c>.</summary>
public static class QuotaSettings
{
    /// <summary>The ResourceQuota that these settings describe (infra/Stack/Guardrails/GuardedNamespace.cs); no setting controls another one.</summary>
    public const string QuotaName = "quota";

    internal const string SitePrefix = "site-";

    private const string OfUsers = "namespaces";

    // infra/Stack/Settings/Namespaces/ClusterNamespaces.cs: the rest are users' and sites'.
    internal static readonly ImmutableArray<string> OwnNamespaces = ["chains", "delivery", "logging", "monitoring", "payments", "platform", "signing"];

    private static readonly ImmutableSortedDictionary<string, string> Keys = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, new Dictionary<string, string>
    {
        ["requests.cpu"] = "cpu",
        ["limits.cpu"] = "cpuLimit",
        ["requests.memory"] = "memory",
        ["limits.memory"] = "memoryLimit",
        ["requests.ephemeral-storage"] = "ephemeralStorage",
        ["limits.ephemeral-storage"] = "ephemeralStorageLimit",
        ["requests.storage"] = "storage",
        ["pods"] = "pods",
        ["persistentvolumeclaims"] = "volumes",
        ["services.loadbalancers"] = "loadBalancers",
    });

    /// <summary>
    /// <c>quotas, payments</c> or <c>namespaces, shop, quota</c>; empty for namespaces of Kubernetes, which have no such setting, and of sites, whose quota
    /// follows from the size of the site.
    /// </summary>
    public static ImmutableArray<string> PathOf(string @namespace) =>
        OwnNamespaces.Contains(@namespace) ? ["quotas", @namespace]
        : @namespace == "default" || @namespace.StartsWith("kube-", StringComparison.Ordinal) ? []
        : @namespace.StartsWith(SitePrefix, StringComparison.Ordinal) ? []
        : [OfUsers, @namespace, "quota"];

    /// <summary>Whether the namespace exists only if the settings declare it.</summary>
    public static bool IsOfUser(string @namespace) => PathOf(@namespace) is [OfUsers, ..];

    /// <summary>The key below that path; null for resources that are not set one by one, such as <c>count/secrets</c>.</summary>
    /// <param name="resource">As a ResourceQuota names it, such as <c>requests.cpu</c>.</param>
    public static string? KeyOf(string resource) => Keys.GetValueOrDefault(resource);
}
