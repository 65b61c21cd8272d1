using System.Collections.Immutable;

namespace HaCluster.Stack.Settings.Sites;

/// <summary>Sites (<c>ha-cluster:sites</c>), by name.</summary>
public sealed record SitesSettings
{
    /// <summary>A gateway has 64 listeners at most; one is for plain HTTP (https://gateway-api.sigs.k8s.io/reference/spec/#gatewayspec).</summary>
    public const int Most = 63;

    public required ImmutableArray<SiteSettings> All { get; init; }

    /// <summary>What is allowed but worth a second thought.</summary>
    public IEnumerable<string> Notices() => All
        .Where(site => DomainName.IsNobodys(site.Domain))
        .Select(site => $"ha-cluster:sites.{site.Name}.domain is {site.Domain}; nobody can own that name, so it gets no certificate and nobody reaches it");

    /// <param name="zones">Number of zones of the cluster.</param>
    public static SitesSettings Read(SettingsReader reader, int zones)
    {
        var sites = reader.Entries("SITE", Shapes.SiteName).Select(name => SiteSettings.Read(reader.Object(name, "One site, in a namespace site-NAME of its own; image and domain must be given."), name, zones)).ToImmutableArray();
        if (sites.Length > Most)
            reader.Problems.Add(reader.Path, $"{sites.Length} sites", $"the gateway has room for {Most}: a second cluster can take the others");

        var first = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var site in sites.Where(site => site.Domain.Length > 0 && !first.TryAdd(site.Domain, site.Name)))
            reader.Problems.Add($"{reader.PathOf(site.Name)}.domain", $"\"{site.Domain}\"", $"{reader.PathOf(first[site.Domain])} has it already: one name leads to one site");

        reader.Close();
        return new SitesSettings { All = sites };
    }
}
