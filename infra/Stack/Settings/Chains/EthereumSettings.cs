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

    /// <summary>Where a new consensus client gets its first state, and whom it believes.</summary>
    public required string CheckpointUrl { get; init; }

    public int Replicas => Geth + Reth;

    public static EthereumSettings Read(SettingsReader reader, int zones)
    {
        var network = reader.Choice(
            "network",
            "Network of Ethereum. The defaults of storage and sizes follow it. Nodes keep the data of one network: changing it later needs new volumes.",
            EthereumNetwork.Mainnet, EthereumNetwork.ByName);
        var clients = reader.Object(
            "clients",
            "Nodes by execution client, together at least as many as zones. Two clients, so that a bug in one does not take all nodes.");
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
                "Volume of each node, for both clients. It can be raised at any time, and never lowered.",
                network.Storage),
            Execution = NodeSize.Read(reader.Object("execution", "What the execution client of one node asks for."), network.Execution, Quantity.Parse("4Gi")),
            Consensus = NodeSize.Read(reader.Object("consensus", "What the consensus client (Lighthouse) of one node asks for."), network.Consensus, Quantity.Parse("2Gi")),
            CheckpointUrl = reader.Text(
                "checkpointUrl",
                "Where a new node gets its first state, and whom it believes.",
                network.CheckpointProviders[0], Shapes.HttpsAddress),
        };
        clients.Close();
        if (settings.Replicas < zones)
        {
            reader.Problems.Add(
                reader.PathOf("clients"),
                $"geth {settings.Geth} and reth {settings.Reth}",
                $"fewer than the {zones} zones, of which one may be lost: use {Math.Max(3, zones)} nodes together, or more");
        }

        if (settings.Storage < network.LeastStorage)
            reader.Problems.Add(reader.PathOf("storage"), settings.Storage, $"{network.Name} needs {network.LeastStorage} today and grows: raise it ({network.Storage} is the default)");

        CheckCheckpoint(reader, settings.CheckpointUrl, network);
        reader.Close();
        return settings;
    }

    /// <param name="path">Full key of these settings.</param>
    public IEnumerable<string> Notices(string path)
    {
        if (!Network.IsMainnet)
            yield return $"{path}.network is {Network.Name}; its ether is worth nothing, and the payments that use these nodes move none";
        if (Geth == 0 || Reth == 0)
            yield return $"{path}.clients has {(Geth == 0 ? "reth" : "geth")} only; one bug of that client takes all nodes at once: run one of the other too";
        if (!Network.CheckpointProviders.Contains(CheckpointUrl))
            yield return $"{path}.checkpointUrl is {CheckpointUrl}; a new node believes what it says of the chain: compare the block root with {Network.CheckpointProviders[0]}";
    }

    private static void CheckCheckpoint(SettingsReader reader, string url, EthereumNetwork network)
    {
        if (EthereumNetwork.ByName.Values.FirstOrDefault(other => other != network && other.CheckpointProviders.Contains(url.TrimEnd('/'))) is { } other)
        {
            reader.Problems.Add(reader.PathOf("checkpointUrl"), $"\"{url}\"", $"it serves {other.Name}, and the network is {network.Name}: use {network.CheckpointProviders[0]}");
        }
    }
}
