using HaCluster.Stack.Settings.Namespaces;

namespace HaCluster.Stack.Settings.Chains;

/// <summary>Blockchain nodes with their RPC fronts (<c>ha-cluster:chains</c>).</summary>
public sealed record ChainsSettings
{
    public required bool IsEnabled { get; init; }

    public required BitcoinSettings Bitcoin { get; init; }

    public required EthereumSettings Ethereum { get; init; }

    public required FrontSettings Front { get; init; }

    public required SnapshotSettings Snapshots { get; init; }

    public required ChainImages Images { get; init; }

    public bool HasBitcoin => IsEnabled && Bitcoin.IsEnabled;

    public bool HasEthereum => IsEnabled && Ethereum.IsEnabled;

    /// <summary>What is allowed but worth a second thought.</summary>
    public IEnumerable<string> Notices()
    {
        const string Path = "ha-cluster:chains";
        return (HasBitcoin ? Bitcoin.Notices($"{Path}.bitcoin") : []).Concat(HasEthereum ? Ethereum.Notices($"{Path}.ethereum") : []);
    }

    /// <summary>The namespace with a quota for every declared node, plus one of each kind for a restore or an update.</summary>
    public NamespaceProfile Sized(NamespaceProfile profile) => ChainQuota.Sized(profile, this);

    /// <param name="zones">Number of zones of the cluster.</param>
    public static ChainsSettings Read(SettingsReader reader, int zones)
    {
        var settings = new ChainsSettings
        {
            IsEnabled = reader.Boolean("enabled", "Whether the cluster runs blockchain nodes.", true),
            Bitcoin = BitcoinSettings.Read(reader.Object("bitcoin", "Bitcoin nodes."), zones),
            Ethereum = EthereumSettings.Read(reader.Object("ethereum", "Ethereum nodes. Each has an execution client and a consensus client."), zones),
            Front = FrontSettings.Read(reader.Object("front", "RPC front of each chain: it sends requests to nodes that are up to date. Only namespace payments may use it."), zones),
            Snapshots = SnapshotSettings.Read(reader.Object("snapshots", "Snapshots of the volumes of chain nodes: a lost node is restored from one, instead of syncing from the start.")),
            Images = ChainImages.Read(reader.Object("images", "Images that replace the pinned ones: to try a release early, or to pull from your own registry.")),
        };
        if (settings is { IsEnabled: true, Bitcoin.IsEnabled: false, Ethereum.IsEnabled: false })
            reader.Problems.Add(reader.PathOf("enabled"), "true", "bitcoin and ethereum are both disabled, so there is no chain to run: enable one, or set this to false");
        reader.Close();
        return settings;
    }
}
