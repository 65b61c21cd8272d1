using System.Collections.Immutable;
using System.Text.RegularExpressions;
using HaCluster.Stack.Guardrails;
using HaCluster.Stack.Network;
using HaCluster.Stack.Settings.Backups;
using HaCluster.Stack.Settings.Chains;
using HaCluster.Stack.Settings.Databases;
using HaCluster.Stack.Settings.Delivery;
using HaCluster.Stack.Settings.Edge;
using HaCluster.Stack.Settings.Logging;
using HaCluster.Stack.Settings.Monitoring;
using HaCluster.Stack.Settings.Objectives;
using HaCluster.Stack.Settings.Policies;
using HaCluster.Stack.Settings.Sites;

namespace HaCluster.Stack.Settings;

/// <summary>Everything a user can choose. Every key but <c>aws:region</c> has a default.</summary>
public sealed partial record StackSettings
{
    /// <summary>The keys at the top level.</summary>
    public static readonly ImmutableArray<string> Names =
    [
        "backups", "chains", "cluster", "databases", "delivery", "edge", "logging", "monitoring", "name", "namespaces", "nat", "network",
        "nodePools", "objectives", "policies", "quotas", "sites", "tags", "vpcCidr", "zones",
    ];

    // An IAM role name has 64 characters at most; this leaves 24 for what the program adds.
    private const int LongestName = 40;

    // Names of tags that EKS or an add-on sets, or refuses to start with when a user sets them
    // (https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/tagging.md).
    private static readonly ImmutableArray<string> ForeignPrefixes = ["eks:", "kubernetes.io/", "k8s.io/", "karpenter.sh/", "ebs.csi.aws.com/", "CSIVolume"];

    private static readonly Dictionary<string, NatMode> NatModes = new(StringComparer.Ordinal)
    {
        ["perZone"] = NatMode.PerZone,
        ["single"] = NatMode.Single,
    };

    /// <summary><c>aws:region</c>.</summary>
    public required string Region { get; init; }

    /// <summary>Name of the cluster, and the beginning of every name in the account.</summary>
    public required string Name { get; init; }

    /// <summary>Number of zones, 2 to 6.</summary>
    public required int Zones { get; init; }

    public required NatMode Nat { get; init; }

    public required NetworkSettings Network { get; init; }

    public required ControlPlaneSettings Cluster { get; init; }

    public required NodePoolsSettings NodePools { get; init; }

    /// <summary>Quotas of the cluster's own namespaces and of the user's, by name.</summary>
    public required NamespacesSettings Namespaces { get; init; }

    public required EdgeSettings Edge { get; init; }

    public required DatabasesSettings Databases { get; init; }

    public required MonitoringSettings Monitoring { get; init; }

    public required LoggingSettings Logging { get; init; }

    public required ChainsSettings Chains { get; init; }

    public required DeliverySettings Delivery { get; init; }

    public required BackupsSettings Backups { get; init; }

    public required SitesSettings Sites { get; init; }

    public required ObjectivesSettings Objectives { get; init; }

    /// <summary>What <c>ha plan</c> does not insist on here.</summary>
    public required PoliciesSettings Policies { get; init; }

    /// <summary>Tags put on every AWS resource besides the program's own.</summary>
    public required ImmutableSortedDictionary<string, string> Tags { get; init; }

    /// <summary>Reads all settings; what is wrong goes to the reader's problems and takes its default.</summary>
    /// <param name="region">The value of <c>aws:region</c>, null when it is not set.</param>
    /// <param name="defaultName">Name of the cluster when the user gives none.</param>
    public static StackSettings Read(SettingsReader reader, string? region, string defaultName)
    {
        var zones = ReadZones(reader);
        var nodePools = NodePoolsSettings.Read(reader.Object("nodePools"), zones);
        var chains = ChainsSettings.Read(reader.Object("chains"), zones);
        var sites = SitesSettings.Read(reader.Object("sites"), zones);
        var settings = new StackSettings
        {
            Region = ReadRegion(region, reader.Problems),
            Name = ReadName(reader, defaultName),
            Zones = zones,
            Nat = reader.Choice("nat", NatMode.PerZone, NatModes),
            Network = NetworkSettings.Read(reader, zones, nodePools.MostAddressesPerZone(zones)),
            Cluster = ControlPlaneSettings.Read(reader.Object("cluster")),
            NodePools = nodePools,
            Namespaces = NamespacesSettings.Read(reader.Object("namespaces"), reader.Object("quotas"), chains, sites),
            Edge = EdgeSettings.Read(reader.Object("edge"), zones),
            Databases = DatabasesSettings.Read(reader.Object("databases"), zones),
            Monitoring = MonitoringSettings.Read(reader.Object("monitoring"), zones),
            Logging = LoggingSettings.Read(reader.Object("logging"), zones),
            Chains = chains,
            Delivery = DeliverySettings.Read(reader.Object("delivery"), zones),
            Backups = BackupsSettings.Read(reader.Object("backups"), zones),
            Sites = sites,
            Objectives = ObjectivesSettings.Read(reader.Object("objectives")),
            Policies = PoliciesSettings.Read(reader.Object("policies")),
            Tags = ReadTags(reader),
        };
        CheckParts(settings, reader);
        reader.Close();
        return settings;
    }

    private static void CheckParts(StackSettings settings, SettingsReader reader)
    {
        if (!settings.Edge.IsEnabled && !settings.Sites.All.IsEmpty)
            reader.Problems.Add(reader.PathOf("sites"), "has sites, and ha-cluster:edge.enabled is false: without the edge nobody reaches them; enable it or drop the sites");

        settings.Edge.Check(reader.Object("edge"), settings.Sites.All);
        settings.Monitoring.CheckRoom(settings.Namespaces.All.Single(profile => profile.Name == ClusterNamespaces.Monitoring).Quota, reader.Problems);
        settings.Delivery.Check(reader.Object("delivery"), settings.Region, settings.Namespaces.All);
        settings.Backups.Check(reader.Object("backups"), settings.Namespaces.All);
        settings.Objectives.Check(reader.Object("objectives"), settings.Namespaces.All);
        settings.Databases.Check(reader, settings.Name, settings.Namespaces.All);
    }

    private static int ReadZones(SettingsReader reader)
    {
        const int Recommended = 3;
        var zones = reader.Int32("zones", Recommended, int.MinValue, int.MaxValue);
        if (zones < 2)
            reader.Problems.Add(reader.PathOf("zones"), zones, "a cluster that survives the loss of a zone needs 2 or more (3 recommended)");
        else if (zones > CidrPlan.MostZones)
            reader.Problems.Add(reader.PathOf("zones"), zones, $"no region has more than {CidrPlan.MostZones} zones (3 recommended)");
        else
            return zones;

        return Recommended;
    }

    private static string ReadRegion(string? region, SettingsProblems problems)
    {
        const string Key = "aws:region";
        if (string.IsNullOrWhiteSpace(region))
            problems.Add(Key, "is not set; the cluster needs a region to live in: `pulumi config set aws:region eu-central-1`");
        else if (!RegionShape().IsMatch(region))
            problems.Add(Key, $"\"{region}\"", "a region looks like eu-central-1 (a zone such as eu-central-1a is not one)");
        return region ?? "";
    }

    private static string ReadName(SettingsReader reader, string defaultName)
    {
        var name = reader.Text("name", defaultName);
        if (!NameShape().IsMatch(name) || name.Length > LongestName)
        {
            reader.Problems.Add(
                reader.PathOf("name"),
                $"\"{name}\"",
                $"AWS takes it into the names of roles and keys: use lower-case letters, digits and dashes, a letter first, {LongestName} at most");
        }

        // Beginnings that AWS keeps for itself: key aliases of its services (alias/aws/), and ids of security groups.
        if (name == "aws" || name.StartsWith("sg-", StringComparison.Ordinal))
            reader.Problems.Add(reader.PathOf("name"), $"\"{name}\"", "AWS keeps names that begin like this for itself: choose another");

        return name;
    }

    // https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html. The number: beside the program's own six tags, EKS
    // puts five on a node and the driver of volumes nine on a volume.
    private static ImmutableSortedDictionary<string, string> ReadTags(SettingsReader reader)
    {
        const int LongestKey = 128, LongestValue = 256, MostTags = 30;
        var tags = reader.TextMap("tags");
        if (tags.Count > MostTags)
            reader.Problems.Add(reader.PathOf("tags"), $"{tags.Count} tags", $"AWS takes 50 on a resource, and the program, EKS and its add-ons put theirs there too: use {MostTags} at most");

        foreach (var (key, value) in tags)
        {
            var path = $"{reader.PathOf("tags")}.{key}";
            if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
                reader.Problems.Add(path, $"\"{value}\"", "names that begin with aws: belong to AWS: choose another");
            else if (ForeignPrefixes.FirstOrDefault(prefix => key.StartsWith(prefix, StringComparison.Ordinal)) is { } foreign)
                reader.Problems.Add(path, $"\"{value}\"", $"names that begin with {foreign} belong to Kubernetes and its add-ons: choose another");
            else if (!TagKeyShape().IsMatch(key) || !TagValueShape().IsMatch(value))
                reader.Problems.Add(path, $"\"{value}\"", "AWS takes letters, digits, spaces and _ . : / + - @ in tags, and = in values: leave out the rest");
            else if (key.Length > LongestKey || value.Length > LongestValue)
                reader.Problems.Add(path, "is too long; a tag has a name of 128 and a value of 256 characters at most");
            else if (Naming.ResourceTags.Own.Contains(key))
                reader.Problems.Add(path, $"\"{value}\"", "the program sets this tag itself: choose another name");
        }

        return tags;
    }

    [GeneratedRegex("^[a-z]{2,3}(-[a-z]+)+-[0-9]$")]
    private static partial Regex RegionShape();

    [GeneratedRegex("^[a-z][a-z0-9-]*[a-z0-9]$")]
    private static partial Regex NameShape();

    // The narrowest of the services, IAM and EKS: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html. The driver of volumes takes
    // its tags as key=value, so a key has no =.
    [GeneratedRegex(@"^[\p{L}\p{Z}\p{N}_.:/+\-@]+$")]
    private static partial Regex TagKeyShape();

    [GeneratedRegex(@"^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$")]
    private static partial Regex TagValueShape();
}
