using HaCluster.Stack.Chains;
using HaCluster.Stack.Guardrails;
using HaCluster.Stack.Services;

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

    /// <summary>The fronts, as something that answers requests and has an objective.</summary>
    public IEnumerable<ServiceGroup> Services()
    {
        if (HasBitcoin)
            yield return RpcFront.Service(RpcFront.Bitcoin);
        if (HasEthereum)
            yield return RpcFront.Service(RpcFront.Ethereum);
    }

    /// <summary>The namespace with a quota that holds every node that is declared, and one more of each for a restore or an update.</summary>
    public NamespaceProfile Sized(NamespaceProfile profile) => ChainQuota.Sized(profile, this);

    /// <param name="zones">Number of zones of the cluster.</param>
    public static ChainsSettings Read(SettingsReader reader, int zones)
    {
        var settings = new ChainsSettings
        {
            IsEnabled = reader.Boolean("enabled", true),
            Bitcoin = BitcoinSettings.Read(reader.Object("bitcoin"), zones),
            Ethereum = EthereumSettings.Read(reader.Object("ethereum"), zones),
            Front = FrontSettings.Read(reader.Object("front"), zones),
            Snapshots = SnapshotSettings.Read(reader.Object("snapshots")),
            Images = ChainImages.Read(reader.Object("images")),
        };
        if (settings is { IsEnabled: true, Bitcoin.IsEnabled: false, Ethereum.IsEnabled: false })
            reader.Problems.Add(reader.PathOf("enabled"), "true", "neither bitcoin nor ethereum is enabled, so there is no chain to run: enable one, or set this to false");
        reader.Close();
        return settings;
    }
}
