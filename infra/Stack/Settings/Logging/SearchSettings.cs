using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace HaCluster.Stack.Settings.Logging;

/// <summary>The OpenSearch domain (<c>ha-cluster:logging.search</c>).</summary>
public sealed partial record SearchSettings
{
    /// <summary>OpenSearch refuses a new index when the nodes have more shards than this each
    /// (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/bp-sharding.html).</summary>
    public const int MostShardsOfNode = 1_000;

    /// <summary>An odd number that survives the loss of one.</summary>
    public const int Masters = 3;

    // OpenSearch Service spreads over two or three zones, whatever a region has.
    private const int MostZones = 3;

    // A domain has 80 nodes unless AWS raises the quota; three of them are masters.
    private const int MostDataNodes = 77;

    // Smaller ones are full before an alarm can be acted on; no instance takes more.
    private const int SmallestVolume = 20;
    private const int LargestVolume = 24_576;

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
    /// Whether the nodes of one zone stand by with a full copy of everything: a lost zone then moves no data and changes no response
    /// time (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managing-domains-multiaz.html).
    /// </summary>
    public required bool HasStandby { get; init; }

    /// <summary>Hour of the day, UTC, from which AWS may update and tune for ten hours.</summary>
    public required int OffPeakHour { get; init; }

    /// <summary>Whether this stack makes the account's role that lets OpenSearch into VPCs, of which there can be one only; null: when the account
    /// has none.</summary>
    public required bool? CreatesServiceRole { get; init; }

    /// <summary>IAM roles of people who may search.</summary>
    public required ImmutableArray<string> Readers { get; init; }

    /// <summary>Copies of each record, each in another zone.</summary>
    public int Copies => HasStandby ? MostZones : 2;

    public static SearchSettings Read(SettingsReader reader, int zones)
    {
        var used = Math.Min(zones, MostZones);
        var standby = reader.Boolean("standby", used == MostZones);
        if (standby && used < MostZones)
        {
            reader.Problems.Add(reader.PathOf("standby"), "true", $"a standby needs {MostZones} zones and ha-cluster:zones is {zones}: leave it out, or take {MostZones} zones");
            standby = false;
        }

        return new SearchSettings
        {
            Version = ReadVersion(reader),
            Zones = used,
            DataNodes = ReadDataNodes(reader, used),
            InstanceType = SearchInstanceType.Read(reader, "instanceType", "r7g.large.search"),
            MasterType = SearchInstanceType.Read(reader, "masterType", "m7g.large.search"),
            VolumeGiB = reader.Int32(
                "volumeGiB", 300, SmallestVolume, LargestVolume, $"a data node takes {SmallestVolume} to {LargestVolume} GiB, fewer on small instance types"),
            HasStandby = standby,
            OffPeakHour = reader.Int32("offPeakHour", 1, 0, 23, "it is an hour of the day in UTC: choose 0 to 23"),
            CreatesServiceRole = reader.OptionalBoolean("createServiceRole"),
            Readers = ReadRoles(reader),
        };
    }

    private static int ReadDataNodes(SettingsReader reader, int zones)
    {
        var nodes = reader.Int32("dataNodes", zones, int.MinValue, int.MaxValue);
        var fault =
            nodes < zones ? $"{zones} zones need a node each, else records are lost with one: set {zones} or more"
            : nodes > MostDataNodes ? $"a domain has {MostDataNodes} at most beside its masters: choose larger instances"
            : nodes % zones != 0 ? $"{zones} zones share them evenly: set a multiple of {zones}, such as {nodes + zones - nodes % zones}"
            : null;
        if (fault is null)
            return nodes;

        reader.Problems.Add(reader.PathOf("dataNodes"), nodes, fault);
        return zones;
    }

    private static string ReadVersion(SettingsReader reader)
    {
        var version = reader.Text("version", Versions[^1]);
        if (Versions.Contains(version))
            return version;

        reader.Problems.Add(reader.PathOf("version"), $"\"{version}\"", $"choose one of {string.Join(", ", Versions)}");
        return Versions[^1];
    }

    private static ImmutableArray<string> ReadRoles(SettingsReader reader)
    {
        var roles = reader.TextList("readers", []);
        for (var i = 0; i < roles.Length; i++)
        {
            if (!RoleShape().IsMatch(roles[i]))
                reader.Problems.Add($"{reader.PathOf("readers")}[{i}]", $"\"{roles[i]}\"", "the ARN of an IAM role is expected here, such as arn:aws:iam::123456789012:role/auditor");
        }

        return roles;
    }

    [GeneratedRegex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$")]
    private static partial Regex RoleShape();
}
