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
        .Where(site => DomainName.IsReserved(site.Domain))
        .Select(site => $"ha-cluster:sites.{site.Name}.domain is {site.Domain}; it is a reserved name: it gets no certificate, and no visitor can reach it");

    /// <param name="zones">Number of zones of the cluster.</param>
    public static SitesSettings Read(SettingsReader reader, int zones)
    {
        var sites = reader.Entries("SITE", Shapes.SiteName).Select(name => SiteSettings.Read(reader.Object(name, "One site, in its own namespace site-NAME; image and domain are required."), name, zones)).ToImmutableArray();
        if (sites.Length > Most)
            reader.Problems.Add(reader.Path, $"{sites.Length} sites", $"one gateway serves at most {Most}: move the others to a second cluster");

        var first = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var site in sites.Where(site => site.Domain.Length > 0 && !first.TryAdd(site.Domain, site.Name)))
            reader.Problems.Add($"{reader.PathOf(site.Name)}.domain", SettingsReader.Shown(site.Domain), $"{reader.PathOf(first[site.Domain])} uses it already: each domain belongs to one site");

        reader.Close();
        return new SitesSettings { All = sites };
    }
}
