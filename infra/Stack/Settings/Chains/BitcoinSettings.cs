namespace HaCluster.Stack.Settings.Chains;

/// <summary>Bitcoin nodes (<c>ha-cluster:chains.bitcoin</c>).</summary>
public sealed record BitcoinSettings
{
    private const int Recommended = 3;
    private const int Most = 12;

    public required bool IsEnabled { get; init; }

    public required BitcoinNetwork Network { get; init; }

    public required int Replicas { get; init; }

    /// <summary>Volume of each node, in bytes. It can be raised at any time, and never lowered.</summary>
    public required Quantity Storage { get; init; }

    /// <summary>Whether a transaction can be looked up by its id alone. When it is switched on later, each node then needs about one day to build the index.</summary>
    public required bool TxIndex { get; init; }

    public required NodeSize Size { get; init; }

    public static BitcoinSettings Read(SettingsReader reader, int zones)
    {
        var network = reader.Choice(
            "network",
            "Bitcoin network. It decides the defaults of storage and size. A volume holds the data of one network: changing it later needs new volumes.",
            BitcoinNetwork.Mainnet, BitcoinNetwork.ByName);
        var settings = new BitcoinSettings
        {
            IsEnabled = reader.Boolean(
                "enabled",
                "Whether the cluster runs Bitcoin nodes (btcd) with an RPC front, https://bitcoin-rpc.chains.svc:8334.",
                true),
            Network = network,
            Replicas = reader.Int32("replicas", "Number of nodes, at least one per zone.", Math.Max(Recommended, zones), 1, Most),
            Storage = reader.Bytes("storage", "Volume of each node. It can grow at any time, and never shrink.", network.Storage),
            TxIndex = reader.Boolean(
                "txIndex",
                "Whether a transaction in a block can be found by its id alone. When it is switched on later, each node then needs about one day to build the index.",
                true),
            Size = NodeSize.Read(reader.Object("size", "CPU and memory of one node."), network.Size, Quantity.Parse("512Mi")),
        };
        if (settings.Replicas < zones)
            reader.Problems.Add(reader.PathOf("replicas"), settings.Replicas, $"there are {zones} zones and each needs a node: use {Math.Max(Recommended, zones)} or more");
        if (settings.Storage < network.MinStorage)
            reader.Problems.Add(reader.PathOf("storage"), settings.Storage, $"{network.Name} needs {network.MinStorage} today and grows: raise it ({network.Storage} is the default)");
        reader.Close();
        return settings;
    }

    /// <param name="path">Full key of these settings.</param>
    public IEnumerable<string> Notices(string path)
    {
        if (!Network.IsMainnet)
            yield return $"{path}.network is {Network.Name}; its coins have no value: payments that use these nodes move no real money";
        if (!TxIndex)
            yield return $"{path}.txIndex is false; a transaction in a block cannot be found by its id alone, and when it is switched on later, each node then needs about one day to build the index";
        if (Replicas == 2)
            yield return $"{path}.replicas is 2; while one node is updated or restored, only the other serves: use 3 to have a spare";
    }
}
