namespace HaCluster.Stack.Settings.Chains;

/// <summary>Ethereum nodes, each an execution and a consensus client (<c>ha-cluster:chains.ethereum</c>).</summary>
public sealed record EthereumSettings
{
    private const int Most = 12;

    public required bool IsEnabled { get; init; }

    public required EthereumNetwork Network { get; init; }

    /// <summary>Nodes that run geth.</summary>
    public required int Geth { get; init; }

    /// <summary>Nodes that run reth.</summary>
    public required int Reth { get; init; }

    /// <summary>Volume of each node, for both clients, in bytes. It can be raised at any time, and never lowered.</summary>
    public required Quantity Storage { get; init; }

    public required NodeSize Execution { get; init; }

    public required NodeSize Consensus { get; init; }

    /// <summary>URL from which a new consensus client downloads its first state, and which it trusts.</summary>
    public required string CheckpointUrl { get; init; }

    public int Replicas => Geth + Reth;

    public static EthereumSettings Read(SettingsReader reader, int zones)
    {
        var network = reader.Choice(
            "network",
            "Ethereum network. It decides the defaults of storage and sizes. A volume holds the data of one network: changing it later needs new volumes.",
            EthereumNetwork.Mainnet, EthereumNetwork.ByName);
        var clients = reader.Object(
            "clients",
            "Number of nodes per execution client, together at least one per zone. Use two clients, so that a bug in one does not stop all nodes.");
        var settings = new EthereumSettings
        {
            IsEnabled = reader.Boolean(
                "enabled",
                "Whether the cluster runs Ethereum nodes with an RPC front, https://ethereum-rpc.chains.svc:8545.",
                true),
            Network = network,
            Geth = clients.Int32("geth", "Nodes that run geth.", Math.Max(2, zones - 1), 0, Most),
            Reth = clients.Int32("reth", "Nodes that run reth.", 1, 0, Most),
            Storage = reader.Bytes(
                "storage",
                "Volume of each node, for both clients. It can grow at any time, and never shrink.",
                network.Storage),
            Execution = NodeSize.Read(reader.Object("execution", "CPU and memory of the execution client of one node."), network.Execution, Quantity.Parse("4Gi")),
            Consensus = NodeSize.Read(reader.Object("consensus", "CPU and memory of the consensus client (Lighthouse) of one node."), network.Consensus, Quantity.Parse("2Gi")),
            CheckpointUrl = reader.Text(
                "checkpointUrl",
                "URL from which a new node downloads its first state. The node trusts this provider.",
                network.CheckpointProviders[0], Shapes.HttpsAddress),
        };
        clients.Close();
        if (settings.Replicas < zones)
        {
            reader.Problems.Add(
                reader.PathOf("clients"),
                $"geth {settings.Geth} and reth {settings.Reth}",
                $"there are {zones} zones and each needs a node: use {Math.Max(3, zones)} or more nodes in total");
        }

        if (settings.Storage < network.MinStorage)
            reader.Problems.Add(reader.PathOf("storage"), settings.Storage, $"{network.Name} needs {network.MinStorage} today and grows: raise it ({network.Storage} is the default)");

        CheckCheckpoint(reader, settings.CheckpointUrl, network);
        reader.Close();
        return settings;
    }

    /// <param name="path">Full key of these settings.</param>
    public IEnumerable<string> Notices(string path)
    {
        if (!Network.IsMainnet)
            yield return $"{path}.network is {Network.Name}; its ether has no value: payments that use these nodes move no real money";
        if (Geth == 0 || Reth == 0)
            yield return $"{path}.clients has {(Geth == 0 ? "reth" : "geth")} only; a bug in that client stops all nodes at once: add a node with the other client";
        if (!Network.CheckpointProviders.Contains(CheckpointUrl))
            yield return $"{path}.checkpointUrl is {CheckpointUrl}; a new node trusts the state that it serves: compare the block root with {Network.CheckpointProviders[0]}";
    }

    private static void CheckCheckpoint(SettingsReader reader, string url, EthereumNetwork network)
    {
        if (EthereumNetwork.ByName.Values.FirstOrDefault(other => other != network && other.CheckpointProviders.Contains(url.TrimEnd('/'))) is { } other)
        {
            reader.Problems.Add(reader.PathOf("checkpointUrl"), SettingsReader.Shown(url), $"it serves network {other.Name}, but network is {network.Name}: use {network.CheckpointProviders[0]}");
        }
    }
}
