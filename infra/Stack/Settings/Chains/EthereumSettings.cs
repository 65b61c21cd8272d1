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
        var network = reader.Choice("network", EthereumNetwork.Mainnet, EthereumNetwork.ByName);
        var clients = reader.Object("clients");
        var settings = new EthereumSettings
        {
            IsEnabled = reader.Boolean("enabled", true),
            Network = network,
            Geth = clients.Int32("geth", Math.Max(2, zones - 1), 0, Most),
            Reth = clients.Int32("reth", 1, 0, Most),
            Storage = reader.Bytes("storage", network.Storage),
            Execution = NodeSize.Read(reader.Object("execution"), network.Execution, Quantity.Parse("4Gi")),
            Consensus = NodeSize.Read(reader.Object("consensus"), network.Consensus, Quantity.Parse("2Gi")),
            CheckpointUrl = reader.Text("checkpointUrl", network.CheckpointProviders[0]),
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
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps)
        {
            reader.Problems.Add(
                reader.PathOf("checkpointUrl"), $"\"{url}\"", $"a new node believes what it gets there, so it must be an https address such as {network.CheckpointProviders[0]}");
        }
        else if (EthereumNetwork.ByName.Values.FirstOrDefault(other => other != network && other.CheckpointProviders.Contains(url.TrimEnd('/'))) is { } other)
        {
            reader.Problems.Add(reader.PathOf("checkpointUrl"), $"\"{url}\"", $"it serves {other.Name}, and the network is {network.Name}: use {network.CheckpointProviders[0]}");
        }
    }
}
