using System.Net;
using HaCluster.Sentinel.Arguments;

namespace HaCluster.Sentinel.Tests.Peers;

/// <summary>Arguments of a sentinel beside a node of a test.</summary>
internal static class Options
{
    public static SentinelOptions Ethereum(Uri node, params Uri[] siblings) => new()
    {
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
        Chain = Chain.Ethereum,
        Network = "31337",
        Client = "anvil",
        Rpc = new NodeAccess(node),
        // Its blocks are made on demand.
        Limits = Limits.Of(Chain.Ethereum, "31337") with { TipAge = TimeSpan.Zero },
        Pod = "ethereum-0",
        Siblings = [.. siblings.Select(Sibling.At)],
    };

    public static SentinelOptions Bitcoin(NodeAccess node, params Uri[] siblings) => new()
    {
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
        Chain = Chain.Bitcoin,
        Network = "regtest",
        Client = "btcd",
        Rpc = node,
        Limits = Limits.Of(Chain.Bitcoin, "regtest"),
        Pod = "bitcoin-0",
        Siblings = [.. siblings.Select(Sibling.At)],
    };
}
