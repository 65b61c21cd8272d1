using System.Collections.Immutable;
using HaCluster.Stack.Settings.Sites;

namespace HaCluster.Stack.Settings.Edge;

/// <summary>Load balancers, gateway, public certificates, names (<c>ha-cluster:edge</c>).</summary>
public sealed record EdgeSettings
{
    /// <summary>The namespace of the gateway is sized for this many proxies.</summary>
    public const int ReplicasLimit = 20;

    // 25 and the default one: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html. AWS raises it on request.
    private const int MaxCertificates = 26;

    private static readonly Dictionary<string, AcmeServer> AcmeServers = new(StringComparer.Ordinal)
    {
        ["production"] = AcmeServer.Production,
        ["staging"] = AcmeServer.Staging,
    };

    public required bool IsEnabled { get; init; }

    /// <summary>Fewest proxies, at least one per zone.</summary>
    public required int MinReplicas { get; init; }

    /// <summary>Proxies under load.</summary>
    public required int MaxReplicas { get; init; }

    /// <summary>Whether the load balancer refuses to be deleted.</summary>
    public required bool DeletionProtection { get; init; }

    public required AcmeServer AcmeServer { get; init; }

    /// <summary>Where the certificate authority writes about the account; empty for none.</summary>
    public required string AcmeEmail { get; init; }

    /// <summary>Route 53 hosted zones by domain, in which names of sites are written.</summary>
    public required ImmutableSortedDictionary<string, string> HostedZones { get; init; }

    public required WafSettings Waf { get; init; }

    /// <summary>The hosted zone that a name is written in: of several the nearest; null when it is in none.</summary>
    public string? HostedZoneOf(string domain) =>
        HostedZones.Where(zone => DomainName.IsUnder(domain, zone.Key)).OrderBy(zone => zone.Key.Length).Select(zone => zone.Value).LastOrDefault();

    /// <summary>What is allowed but worth a second thought.</summary>
    /// <param name="sites">All sites.</param>
    public IEnumerable<string> Notices(ImmutableArray<SiteSettings> sites)
    {
        if (!IsEnabled)
            yield break;

        foreach (var site in HostedZones.IsEmpty ? [] : sites.Where(site => HostedZoneOf(site.Domain) is null))
        {
            yield return $"ha-cluster:sites.{site.Name}.domain is {site.Domain}, which is in no zone of ha-cluster:edge.hostedZones; no DNS record is created for it: "
                + "add its zone, or point it at the load balancer yourself";
        }

        foreach (var notice in Waf.IsEnabled ? FirewallNotices() : AcmeNotices())
            yield return notice;
        if (!DeletionProtection)
            yield return "ha-cluster:edge.deletionProtection is false; deleting the Service of the gateway also deletes its load balancer and address";
    }

    private IEnumerable<string> FirewallNotices()
    {
        if (Waf.Action == WafAction.Count)
            yield return "ha-cluster:edge.waf.action is count; the firewall logs what it finds and blocks nothing";
    }

    // Let's Encrypt has no part in it when the load balancer has certificates of AWS.
    private IEnumerable<string> AcmeNotices()
    {
        if (HostedZones.IsEmpty)
            yield return "ha-cluster:edge.hostedZones is empty; no DNS records are created: point each domain at the load balancer yourself (`kubectl -n platform get service edge-load-balancer` shows its name)";
        if (AcmeEmail.Length == 0)
            yield return "ha-cluster:edge.acmeEmail is not set; Let's Encrypt still issues certificates, but cannot warn you about your account";
        if (AcmeServer == AcmeServer.Staging)
            yield return "ha-cluster:edge.acmeServer is staging; browsers do not trust the certificates of the sites";
    }

    /// <param name="zones">Number of zones of the cluster.</param>
    public static EdgeSettings Read(SettingsReader reader, int zones)
    {
        var min = reader.Int32("minReplicas", "Fewest proxies of the gateway, at least one per zone.", zones, 1, ReplicasLimit);
        var settings = new EdgeSettings
        {
            IsEnabled = reader.Boolean("enabled", "Whether to create the load balancer and the gateway; sites need them.", true),
            MinReplicas = min,
            MaxReplicas = reader.Int32("maxReplicas", "Most proxies of the gateway, under load.", Math.Min(3 * min, ReplicasLimit), 1, ReplicasLimit),
            DeletionProtection = reader.Boolean(
                "deletionProtection",
                "Whether AWS refuses to delete the load balancer. Before `pulumi destroy`, set it to false and run `pulumi up`.",
                true),
            AcmeServer = reader.Choice(
                "acmeServer",
                "Let's Encrypt server: production, or staging for tests (browsers do not trust its certificates).",
                AcmeServer.Production, AcmeServers),
            AcmeEmail = ReadEmail(reader),
            HostedZones = ReadHostedZones(reader),
            Waf = WafSettings.Read(reader.Object("waf", "AWS WAF in front of the sites, on an application load balancer with ACM certificates. Switching it on or off replaces the load balancer: sites are unreachable for minutes. gRPC does not pass it.")),
        };

        if (settings.MinReplicas < zones)
            reader.Problems.Add(reader.PathOf("minReplicas"), settings.MinReplicas, $"{zones} zones need one proxy each, otherwise the load balancer has a zone without targets: set {zones} or more");
        if (settings.MaxReplicas < settings.MinReplicas)
            reader.Problems.Add(reader.PathOf("maxReplicas"), settings.MaxReplicas, $"it is less than minReplicas ({settings.MinReplicas}): raise it");
        reader.Close();
        return settings;
    }

    /// <summary>What only the whole of the settings shows: the firewall's load balancer needs certificates, and these need records in zones of ours.</summary>
    public void Check(SettingsReader reader, ImmutableArray<SiteSettings> sites)
    {
        if (!Waf.IsEnabled)
            return;

        var path = reader.Object("waf").PathOf("enabled");
        if (!IsEnabled)
            reader.Problems.Add(path, "true", $"{reader.PathOf("enabled")} is false, so the firewall has no load balancer to protect: enable the edge or leave the firewall off");
        else if (HostedZones.IsEmpty)
            reader.Problems.Add(path, "true", $"its load balancer uses ACM certificates, which are validated by records in your hosted zones, and {reader.PathOf("hostedZones")} is empty: add the hosted zones of your sites there, or leave the firewall off");
        else if (sites.IsEmpty)
            reader.Problems.Add(path, "true", "there are no sites, so there is no domain to get a certificate for: add a site, or leave the firewall off");
        else if (sites.Length > MaxCertificates)
            reader.Problems.Add(path, "true", $"there are {sites.Length} sites, and an application load balancer holds at most {MaxCertificates} certificates: move the others to a second cluster");
        else
            CheckZones(reader, path, sites);
    }

    private void CheckZones(SettingsReader reader, string path, ImmutableArray<SiteSettings> sites)
    {
        foreach (var site in sites.Where(site => site.Domain.Length > 0 && HostedZoneOf(site.Domain) is null))
        {
            reader.Problems.Add(
                path, "true", $"ha-cluster:sites.{site.Name}.domain is {site.Domain}, which is in no zone of {reader.PathOf("hostedZones")}, so its certificate cannot be validated: add its hosted zone, or leave the firewall off");
        }
    }

    private static string ReadEmail(SettingsReader reader)
    {
        var email = reader.Text("acmeEmail", "Address that Let's Encrypt writes to about the account; optional.", "", Shapes.Email);
        if (email.Length == 0)
            return email;

        if (DomainName.IsReserved(email[(email.IndexOf('@', StringComparison.Ordinal) + 1)..]))
            reader.Problems.Add(reader.PathOf("acmeEmail"), SettingsReader.Shown(email), "Let's Encrypt refuses addresses of reserved domains: use an address that someone reads, or remove it");
        return email;
    }

    private static ImmutableSortedDictionary<string, string> ReadHostedZones(SettingsReader reader)
    {
        var zones = reader.TextMap(
            "hostedZones",
            "Route 53 hosted zones for the DNS records of sites, by domain. Empty: create the DNS records yourself.",
            "DOMAIN",
            "Id of the hosted zone.",
            Shapes.DomainName,
            Shapes.HostedZoneId);
        foreach (var domain in zones.Keys)
        {
            if (Shapes.DomainName.Fault(domain) is { } fault)
                reader.Problems.Add($"{reader.PathOf("hostedZones")}.{domain}", $"is not a domain; {fault}");
        }

        return zones;
    }
}

/// <summary>Where public certificates come from (https://letsencrypt.org/docs/acme-protocol-updates/).</summary>
public enum AcmeServer
{
    /// <summary>Certificates that browsers trust; 50 per week and domain.</summary>
    Production,

    /// <summary>Certificates that nothing trusts, almost without limit: to try things out.</summary>
    Staging,
}
