using System.Collections.Immutable;

namespace HaCluster.Stack.Settings.Logging;

/// <summary>The OpenSearch domain (<c>ha-cluster:logging.search</c>).</summary>
public sealed record SearchSettings
{
    /// <summary>OpenSearch refuses a new index when the nodes have more shards than this each
    /// (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/bp-sharding.html).</summary>
    public const int MaxShardsOfNode = 1_000;

    /// <summary>An odd number that survives the loss of one.</summary>
    public const int Masters = 3;

    // OpenSearch Service spreads over two or three zones, even if the region has more.
    private const int MaxZones = 3;

    // A domain has 80 nodes unless AWS raises the quota; three of them are masters.
    private const int MaxDataNodes = 77;

    // Versions seen in public configurations of the service, newest last; 2.19 is the long-lived one of the second line.
    private static readonly ImmutableArray<string> Versions = ["2.19", "3.1", "3.3", "3.5"];

    /// <summary>Version of OpenSearch.</summary>
    public required string Version { get; init; }

    /// <summary>Zones that it spreads over.</summary>
    public required int Zones { get; init; }

    public required int DataNodes { get; init; }

    public required string InstanceType { get; init; }

    public required string MasterType { get; init; }

    /// <summary>Volume of each data node, in GiB.</summary>
    public required int VolumeGiB { get; init; }

    /// <summary>
    /// Whether the data nodes of one zone are a standby with a full copy: the loss of a zone then moves no data and does not raise response
    /// time (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managing-domains-multiaz.html).
    /// </summary>
    public required bool HasStandby { get; init; }

    /// <summary>Hour of the day, UTC, from which AWS may update and tune for ten hours.</summary>
    public required int OffPeakHour { get; init; }

    /// <summary>Whether this stack creates the account's only service-linked role of OpenSearch for VPCs; null: if the account
    /// has none.</summary>
    public required bool? CreatesServiceRole { get; init; }

    /// <summary>IAM roles that may search.</summary>
    public required ImmutableArray<string> Readers { get; init; }

    /// <summary>Copies of each record, each in another zone.</summary>
    public int Copies => HasStandby ? MaxZones : 2;

    public static SearchSettings Read(SettingsReader reader, int zones)
    {
        var used = Math.Min(zones, MaxZones);
        var standby = reader.Boolean(
            "standby",
            "Whether the data nodes of one zone are a standby with a copy of all data: the loss of a zone then moves no data. Needs three zones.",
            used == MaxZones);
        if (standby && used < MaxZones)
        {
            reader.Problems.Add(reader.PathOf("standby"), "true", $"a standby needs {MaxZones} zones, but ha-cluster:zones is {zones}: set it to false, or use {MaxZones} zones");
            standby = false;
        }

        var type = SearchInstanceType.Read(reader, "instanceType", "Instance type of the data nodes, one with gp3 volumes.", "r7g.large.search");
        return new SearchSettings
        {
            Version = ReadVersion(reader),
            Zones = used,
            DataNodes = ReadDataNodes(reader, used),
            InstanceType = type,
            MasterType = SearchInstanceType.Read(reader, "masterType", "Instance type of the three dedicated masters.", "m7g.large.search"),
            VolumeGiB = ReadVolume(reader, type),
            HasStandby = standby,
            OffPeakHour = reader.Int32(
                "offPeakHour",
                "Hour of the day (UTC) from which AWS may update and tune the domain.",
                1, 0, 23, "it is an hour of the day in UTC: choose 0 to 23"),
            CreatesServiceRole = reader.OptionalBoolean(
                "createServiceRole",
                "Whether this stack creates the service-linked role that OpenSearch needs in a VPC; an account has only one. If not set, the program looks into the account and creates the role if it is missing."),
            Readers = reader.TextList("readers", "IAM roles that may search.", [], Shapes.RoleArn, "arn:aws:iam::123456789012:role/auditor"),
        };
    }

    private static int ReadDataNodes(SettingsReader reader, int zones)
    {
        var nodes = reader.Int32(
            "dataNodes",
            "Data nodes, a multiple of the zones (three zones at most are used).",
            zones,
            zones,
            MaxDataNodes,
            $"{zones} zones need one data node each, otherwise records are lost with a zone: set {zones} or more",
            $"a domain has at most {MaxDataNodes} data nodes: choose larger instances");
        var fault =
            nodes % zones != 0 ? $"{zones} zones must have the same number of data nodes: set a multiple of {zones}, such as {nodes + zones - nodes % zones}"
            : null;
        if (fault is null)
            return nodes;

        reader.Problems.Add(reader.PathOf("dataNodes"), nodes, fault);
        return zones;
    }

    private static int ReadVolume(SettingsReader reader, string type)
    {
        const int Usual = 300;
        var size = reader.Int32(
            "volumeGiB",
            "Volume of each data node. It must hold the records that the settings below announce; the maximum depends on instanceType.",
            Usual,
            SearchVolumes.Smallest,
            SearchVolumes.LargestOfAll,
            $"choose {SearchVolumes.Smallest} to {SearchVolumes.LargestOfAll} GiB; small instance types support less");
        if (SearchVolumes.LargestOf(type) is not { } largest || size <= largest)
            return size;

        reader.Problems.Add(reader.PathOf("volumeGiB"), size, $"{reader.PathOf("instanceType")} is {type}, which supports volumes up to {largest} GiB: lower it, add data nodes or choose a larger type");
        return Math.Min(Usual, largest);
    }

    private static string ReadVersion(SettingsReader reader)
    {
        var version = reader.Text("version", $"Version of OpenSearch, one of {string.Join(", ", Versions)}; in quotes.", Versions[^1]);
        if (Versions.Contains(version))
            return version;

        reader.Problems.Add(reader.PathOf("version"), SettingsReader.Shown(version), $"choose one of {string.Join(", ", Versions)}");
        return Versions[^1];
    }
}
