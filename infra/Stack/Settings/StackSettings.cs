using System.Collections.Immutable;
using HaCluster.Stack.Settings.Backups;
using HaCluster.Stack.Settings.Chains;
using HaCluster.Stack.Settings.Databases;
using HaCluster.Stack.Settings.Delivery;
using HaCluster.Stack.Settings.Edge;
using HaCluster.Stack.Settings.Logging;
using HaCluster.Stack.Settings.Monitoring;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Settings.Network;
using HaCluster.Stack.Settings.Nodes;
using HaCluster.Stack.Settings.Objectives;
using HaCluster.Stack.Settings.Payments;
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
        "nodePools", "objectives", "payments", "policies", "quotas", "sites", "tags", "vpcCidr", "zones",
    ];

    // Names of tags that EKS or an add-on sets, or refuses to start with when a user sets them
    // (https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/tagging.md).
    private static readonly ImmutableArray<string> ForeignPrefixes = ["eks:", "kubernetes.io/", "k8s.io/", "karpenter.sh/", "ebs.csi.aws.com/", "CSIVolume"];

    // Set by the program on every resource (Naming/ResourceTags).
    private static readonly ImmutableArray<string> OwnTags = ["Name", "Project", "Stack", "ManagedBy", "Cluster", "Component"];

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

    public required PaymentsSettings Payments { get; init; }

    /// <summary>Whether the finance-log service runs: it has producers.</summary>
    public bool RunsFinanceLog => Logging.IsEnabled && (Logging.Finance.ProducersSecret is not null || Payments is { IsEnabled: true, HasFinanceLog: true });

    public required DeliverySettings Delivery { get; init; }

    public required BackupsSettings Backups { get; init; }

    public required SitesSettings Sites { get; init; }

    public required ObjectivesSettings Objectives { get; init; }

    /// <summary>What <c>ha plan</c> does not insist on here.</summary>
    public required PoliciesSettings Policies { get; init; }

    /// <summary>Tags on every AWS resource, in addition to the program's own.</summary>
    public required ImmutableSortedDictionary<string, string> Tags { get; init; }

    /// <summary>Reads all settings; wrong values are added to the reader's problems and replaced by defaults.</summary>
    /// <param name="region">The value of <c>aws:region</c>, null when it is not set.</param>
    /// <param name="defaultName">Name of the cluster when the user gives none.</param>
    public static StackSettings Read(SettingsReader reader, string? region, string defaultName)
    {
        var zones = ReadZones(reader);
        var nodePools = NodePoolsSettings.Read(reader.Object("nodePools", "Node pools, by what runs on them."), zones);
        var chains = ChainsSettings.Read(reader.Object("chains", "Blockchain nodes, with an RPC front for each chain."), zones);
        var sites = SitesSettings.Read(reader.Object("sites", "Web sites behind the gateway, by name."), zones);
        var logging = LoggingSettings.Read(reader.Object("logging", "Logs: OpenSearch for searching, an archive, an agent on every node, the audit log of the Kubernetes API."), zones);
        var settings = new StackSettings
        {
            Region = ReadRegion(region, reader.Problems),
            Name = ReadName(reader, defaultName),
            Zones = zones,
            Nat = reader.Choice(
                "nat",
                "NAT gateways. perZone: one per zone, so the loss of a zone affects only that zone. single: cheaper, but no zone reaches the internet when the gateway's zone is lost.",
                NatMode.PerZone, NatModes),
            Network = NetworkSettings.Read(reader, zones, nodePools.MaxAddressesPerZone(zones)),
            Cluster = ControlPlaneSettings.Read(reader.Object("cluster", "The EKS control plane.")),
            NodePools = nodePools,
            Namespaces = NamespacesSettings.Read(
                reader.Object("namespaces", "Your own namespaces, by name."),
                reader.Object("quotas", "Changes to the quotas of the cluster's own namespaces."),
                chains,
                sites),
            Edge = EdgeSettings.Read(reader.Object("edge", "Load balancer, gateway, public certificates and DNS records."), zones),
            Databases = DatabasesSettings.Read(reader.Object("databases", "Aurora databases with their proxies and credentials."), zones),
            Monitoring = MonitoringSettings.Read(reader.Object("monitoring", "Metrics, dashboards and alerts."), zones),
            Logging = logging,
            Chains = chains,
            Payments = PaymentsSettings.Read(reader.Object("payments", "The payments service: addresses and transfers on Bitcoin and Ethereum, with a signer of its own."), logging.IsEnabled),
            Delivery = DeliverySettings.Read(reader.Object("delivery", "Image repositories, build runners and access for pipelines."), zones),
            Backups = BackupsSettings.Read(reader.Object("backups", "Backups of Kubernetes objects and of volumes."), zones),
            Sites = sites,
            Objectives = ObjectivesSettings.Read(reader.Object("objectives", "What the cluster must achieve in a failure. These settings do not change the cluster: `ha prove` checks them.")),
            Policies = PoliciesSettings.Read(reader.Object("policies", "Policies of `ha plan` that are switched off, each with a reason; every plan shows it.")),
            Tags = ReadTags(reader),
        };
        CheckParts(settings, reader);
        reader.Close();
        return settings;
    }

    private static void CheckParts(StackSettings settings, SettingsReader reader)
    {
        if (!settings.Edge.IsEnabled && !settings.Sites.All.IsEmpty)
            reader.Problems.Add(reader.PathOf("sites"), "has sites, but ha-cluster:edge.enabled is false, so nobody can reach them: enable the edge or remove the sites");

        settings.Edge.Check(reader.Object("edge"), settings.Sites.All);
        settings.Monitoring.CheckRoom(settings.Namespaces.All.Single(profile => profile.Name == ClusterNamespaces.Monitoring).Quota, reader.Problems);
        settings.Delivery.Check(reader.Object("delivery"), settings.Region, settings.Namespaces.All);
        settings.Backups.Check(reader.Object("backups"), settings.Namespaces.All);
        settings.Objectives.Check(reader.Object("objectives"), settings.Namespaces.All);
        settings.Databases.Check(reader, settings.Name, settings.Namespaces.All);
        settings.Payments.Check(reader, settings.Databases, settings.Chains, settings.Logging.IsEnabled, settings.Namespaces.All);
    }

    private static int ReadZones(SettingsReader reader)
    {
        const int Recommended = 3;
        return reader.Int32(
            "zones",
            "Availability zones. With three, a third of the capacity is idle until a zone is lost; with two, half.",
            Recommended,
            2,
            CidrPlan.MaxZones,
            "a cluster that survives the loss of a zone needs 2 or more (3 recommended)",
            $"the program supports at most {CidrPlan.MaxZones} zones (3 recommended)");
    }

    private static string ReadRegion(string? region, SettingsProblems problems)
    {
        const string Key = "aws:region";
        // What Pulumi and ha put in the place of an encrypted value where they do not decrypt it.
        const string Encrypted = "[secret]";
        if (string.IsNullOrWhiteSpace(region))
            problems.Add(Key, "is not set; the cluster needs a region: `pulumi config set aws:region eu-central-1`");
        else if (region == Encrypted)
            problems.Add(Key, "is encrypted and cannot be read here: set it again without --secret");
        else if (Shapes.Region.Fault(region) is { } fault)
            problems.Add(Key, SettingsReader.Shown(region), fault);
        return region ?? "";
    }

    private static string ReadName(SettingsReader reader, string defaultName)
    {
        var name = reader.Text(
            "name",
            "Name of the cluster and prefix of all names in the account. Default: project and stack. Changing it later replaces everything.",
            defaultName,
            Shapes.ClusterName);

        // A long stack name makes a long default.
        if (name == defaultName && Shapes.ClusterName.Fault(name) is { } fault)
            reader.Problems.Add(reader.PathOf("name"), SettingsReader.Shown(name), fault);
        return name;
    }

    // https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html. The number: beside the program's own six tags, EKS
    // puts five on a node and the driver of volumes nine on a volume.
    private static ImmutableSortedDictionary<string, string> ReadTags(SettingsReader reader)
    {
        const int MaxTags = 30;
        var tags = reader.TextMap(
            "tags",
            "Tags on every AWS resource, in addition to Name, Project, Stack, Cluster, Component and ManagedBy.",
            "TAG", "Value of the tag.", Shapes.TagKey, Shapes.TagValue);
        if (tags.Count > MaxTags)
            reader.Problems.Add(reader.PathOf("tags"), $"{tags.Count} tags", $"AWS allows 50 tags per resource, and the program, EKS and its add-ons add their own: use at most {MaxTags}");

        foreach (var (key, value) in tags)
        {
            var path = $"{reader.PathOf("tags")}.{key}";
            if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
                reader.Problems.Add(path, SettingsReader.Shown(value), "the prefix \"aws:\" is reserved by AWS: choose another name");
            else if (ForeignPrefixes.FirstOrDefault(prefix => key.StartsWith(prefix, StringComparison.Ordinal)) is { } foreign)
                reader.Problems.Add(path, SettingsReader.Shown(value), $"names that begin with {foreign} are reserved for Kubernetes and its add-ons: choose another");
            else if (Shapes.TagKey.Fault(key) is { } fault)
                reader.Problems.Add(path, SettingsReader.Shown(value), fault);
            else if (OwnTags.Contains(key))
                reader.Problems.Add(path, SettingsReader.Shown(value), "the program sets this tag itself: choose another name");
        }

        return tags;
    }
}
