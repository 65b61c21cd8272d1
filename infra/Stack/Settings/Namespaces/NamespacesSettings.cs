using System.Collections.Immutable;
using HaCluster.Engine.Validation;
using HaCluster.Stack.Settings.Chains;
using HaCluster.Stack.Settings.Sites;

namespace HaCluster.Stack.Settings.Namespaces;

/// <summary>Namespaces and quotas (<c>ha-cluster:namespaces</c>, <c>ha-cluster:quotas</c>).</summary>
public sealed record NamespacesSettings
{
    private static readonly Dictionary<string, PodSecurity> PodSecurityLevels = new(StringComparer.Ordinal)
    {
        ["privileged"] = PodSecurity.Privileged,
        ["baseline"] = PodSecurity.Baseline,
        ["restricted"] = PodSecurity.Restricted,
    };

    private static readonly Dictionary<string, PodPriority> Priorities = new(StringComparer.Ordinal)
    {
        ["standard"] = PodPriority.Standard,
        ["high"] = PodPriority.High,
        ["critical"] = PodPriority.Critical,
    };

    private static readonly Dictionary<string, Reach> Reaches = new(StringComparer.Ordinal)
    {
        ["controlPlane"] = Reach.ControlPlane,
        ["data"] = Reach.Data,
        ["internetAnyPort"] = Reach.InternetAnyPort,
        ["internetHttps"] = Reach.InternetHttps,
    };

    /// <summary>All namespaces with their final quotas, in ordinal order of name.</summary>
    public required ImmutableArray<NamespaceProfile> All { get; init; }

    /// <param name="namespaces">The user's own namespaces.</param>
    /// <param name="quotas">Changes to the quotas of the cluster's own.</param>
    /// <param name="chains">Decides how much the namespace of the chains needs.</param>
    /// <param name="sites">Each has a namespace of its own.</param>
    public static NamespacesSettings Read(SettingsReader namespaces, SettingsReader quotas, ChainsSettings chains, SitesSettings sites)
    {
        var own = ClusterNamespaces.SizedFor(chains).Select(profile => ReadQuota(quotas, profile)).ToArray();
        var names = namespaces.Entries("NAMESPACE", Shapes.KubernetesName);
        foreach (var name in names.Where(name => quotas.Has(name)))
            quotas.Object(name).Problems.Add(quotas.PathOf(name), $"is not one of the cluster's own namespaces; set {namespaces.PathOf(name)}.quota instead");
        quotas.Close();

        var users = names.Where(name => namespaces.IsDescribing || IsUsable(namespaces, name, sites)).Select(name => ReadUsers(namespaces, name)).ToArray();
        return new NamespacesSettings { All = [.. own.Concat(users).Concat(sites.All.Select(site => site.Namespace)).OrderBy(profile => profile.Name, StringComparer.Ordinal)] };
    }

    private static NamespaceProfile ReadQuota(SettingsReader quotas, NamespaceProfile profile)
    {
        var reader = quotas.Object(profile.Name, $"Quota of namespace {profile.Name}: {profile.Purpose}.");
        var quota = Quota.Read(reader, profile.Quota);
        reader.Close();
        return profile with { Quota = quota };
    }

    private static NamespaceProfile ReadUsers(SettingsReader namespaces, string name)
    {
        var reader = namespaces.Object(name, "One namespace. Its pods can connect to cluster DNS, to each other and to the destinations in `reach`.");
        var quota = reader.Object("quota", "Quota of the namespace: limits for all its pods together.");
        var defaults = ClusterNamespaces.UserDefault(name);
        var profile = defaults with
        {
            Purpose = reader.Text("purpose", "What runs in the namespace, in a few words; becomes an annotation.", defaults.Purpose),
            PodSecurity = reader.Choice(
                "podSecurity",
                "Level of the Pod Security Standards that pods must meet.",
                defaults.PodSecurity, PodSecurityLevels),
            Reach = ReadReach(reader, defaults.Reach),
            Priority = reader.Choice(
                "priority",
                "Highest priority class that its pods may have.",
                defaults.Priority, Priorities),
            Quota = Quota.Read(quota, defaults.Quota),
        };
        quota.Close();
        reader.Close();
        return profile;
    }

    private static Reach ReadReach(SettingsReader reader, Reach fallback)
    {
        var words = reader.TextList(
            "reach",
            "Destinations that its pods may connect to: controlPlane (the APIs of Kubernetes and AWS), data (databases), internetHttps, internetAnyPort.",
            [.. Reaches.Where(pair => fallback.HasFlag(pair.Value)).Select(pair => pair.Key)],
            example: "data");
        var reach = Reach.None;
        foreach (var word in words)
        {
            if (Reaches.TryGetValue(word, out var one))
                reach |= one;
            else
                reader.Problems.Add(reader.PathOf("reach"), SettingsReader.Shown(word), $"choose one of {string.Join(", ", Reaches.Keys)}{NearestName.Hint(word, Reaches.Keys)}");
        }

        return reach;
    }

    private static bool IsUsable(SettingsReader namespaces, string name, SitesSettings sites)
    {
        var fault =
            ClusterNamespaces.All.Any(profile => profile.Name == name)
                ? $"is one of the cluster's own namespaces; change its quota under ha-cluster:quotas.{name}"
            : ClusterNamespaces.OfKubernetes.Contains(name) || name.StartsWith("kube-", StringComparison.Ordinal)
                ? "is reserved for Kubernetes; choose another name"
            : sites.All.Any(site => site.Namespace.Name == name)
                ? $"is the namespace of site {name[SiteSettings.NamespacePrefix.Length..]}; choose another name"
            : Shapes.KubernetesName.Fault(name) is { } wrong
                ? $"is not a valid namespace name; {wrong}"
            : null;
        if (fault is not null)
            namespaces.Problems.Add(namespaces.PathOf(name), fault);
        return fault is null;
    }
}
