using System.Collections.Immutable;
using HaCluster.Stack.Chains.Bitcoin;
using HaCluster.Stack.Chains.Ethereum;
using HaCluster.Stack.Chains.Fronts;
using HaCluster.Stack.Chains.Replicas;
using HaCluster.Stack.Chains.Upkeep;
using HaCluster.Stack.Platform;
using HaCluster.Stack.Settings.Chains;
using Pulumi;

namespace HaCluster.Stack.Chains;

/// <summary>Input of <see cref="ClusterChains"/>.</summary>
public sealed record ClusterChainsArgs
{
    public required ChainsSettings Settings { get; init; }

    public required Foundation Foundation { get; init; }

    public required PlatformServices Platform { get; init; }
}

/// <summary>Blockchain nodes with their RPC fronts.</summary>
public sealed class ClusterChains : ComponentResource
{
    public const string TypeToken = "ha-cluster:chains:Chains";

    public ClusterChains(string name, ClusterChainsArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var settings = args.Settings;
        var child = new ComponentResourceOptions { Parent = this };
        var chains = Describe(settings).ToImmutableArray();
        var firewall = new ChainFirewall(name, new ChainFirewallArgs { Chains = chains, Foundation = args.Foundation }, child);
        var maintenance = new Maintenance(name, args.Foundation, child);
        _ = new NodeSnapshots(
            name,
            new NodeSnapshotsArgs { Chains = chains, Settings = settings.Snapshots, Foundation = args.Foundation, Maintenance = maintenance },
            child);

        var chain = new ChainArgs
        {
            Settings = settings,
            Foundation = args.Foundation,
            Platform = args.Platform,
            Maintenance = maintenance,
            After = [firewall],
        };
        foreach (var nodes in chains)
        {
            ComponentResource behind = nodes.Chain == RpcFront.Bitcoin
                ? new BitcoinNodes(nodes.Chain, chain, child)
                : new EthereumNodes(nodes.Chain, chain, child);
            _ = new RpcFront(nodes.Chain, new RpcFrontArgs { Chain = chain, Nodes = nodes, Behind = behind }, child);
        }

        RegisterOutputs();
    }

    private static IEnumerable<ChainNodes> Describe(ChainsSettings settings)
    {
        if (settings.HasBitcoin)
            yield return BitcoinNodes.Describe(settings.Bitcoin);
        if (settings.HasEthereum)
            yield return EthereumNodes.Describe(settings.Ethereum);
    }
}
