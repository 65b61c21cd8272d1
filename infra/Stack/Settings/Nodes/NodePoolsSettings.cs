namespace HaCluster.Stack.Settings.Nodes;

/// <summary>The node pools (<c>ha-cluster:nodePools</c>).</summary>
public sealed record NodePoolsSettings
{
    /// <summary>Addresses of a node with the maximum number of pods: its own and seven prefixes of 16 for 110 pods.</summary>
    private const int AddressesPerNode = 1 + 7 * 16;

    /// <summary>Cluster add-ons, in one group over all zones.</summary>
    public required NodePoolSettings System { get; init; }

    /// <summary>Pods with volumes, one group <em>in each zone</em>: sizes are per zone.</summary>
    public required NodePoolSettings Stateful { get; init; }

    /// <summary>Everything else, on demand: the part that does not depend on spare capacity of AWS.</summary>
    public required NodePoolSettings General { get; init; }

    /// <summary>More of the general pool on spot instances; none by default.</summary>
    public required NodePoolSettings Spot { get; init; }

    public static NodePoolsSettings Read(SettingsReader reader, int zones)
    {
        var system = reader.Object("system", "Nodes for add-ons of the cluster. At least one node per zone.");
        var stateful = reader.Object("stateful", "Nodes for pods with volumes: one node group per zone, so min and max are per zone.");
        var general = reader.Object("general", "Nodes for everything else, on demand. At least one node per zone.");
        var spot = general.Object("spot", "Additional spot nodes of the general pool; AWS can reclaim them at any time. None by default.");
        var settings = new NodePoolsSettings
        {
            System = NodePoolSettings.Read(system, new(zones, 2 * zones, 50, ["m7i.large", "m6i.large", "m6a.large"])),
            Stateful = NodePoolSettings.Read(stateful, new(1, 3, 50, ["r7i.2xlarge", "r6i.2xlarge", "r6a.2xlarge"])),
            General = NodePoolSettings.Read(general, new(zones, 4 * zones, 100, ["m7i.xlarge", "m6i.xlarge", "m6a.xlarge"])),
            Spot = NodePoolSettings.Read(spot, new(0, 0, 100, ["m7i.xlarge", "m6i.xlarge", "m6a.xlarge", "m5.xlarge"])),
        };

        RequireOneInEachZone(system, settings.System, zones, "the loss of a zone can stop cluster DNS");
        RequireOneInEachZone(general, settings.General, zones, "the pods of a lost zone wait for new nodes, and AWS may have no capacity then");
        if (settings.Stateful.Min < 1)
            stateful.Problems.Add(stateful.PathOf("min"), settings.Stateful.Min, "volumes cannot leave their zone, so each zone needs its own node: set 1 or more");

        foreach (var each in new[] { spot, system, stateful, general, reader })
            each.Close();
        return settings;
    }

    /// <summary>Addresses that the nodes and pods of one zone use when every pool is full and one zone is lost.</summary>
    public long MaxAddressesPerZone(int zones)
    {
        var spread = System.Max + General.Max + Spot.Max;
        return (long)AddressesPerNode * (Stateful.Max + (spread + zones - 2) / (zones - 1));
    }

    private static void RequireOneInEachZone(SettingsReader reader, NodePoolSettings pool, int zones, string consequence)
    {
        if (pool.Min < zones)
            reader.Problems.Add(reader.PathOf("min"), pool.Min, $"{zones} zones need one node each, otherwise {consequence}: set {zones} or more");
    }
}
