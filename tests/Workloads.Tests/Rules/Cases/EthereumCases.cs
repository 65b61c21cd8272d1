namespace HaCluster.Workloads.Tests.Rules.Cases;

internal static class EthereumCases
{
    private const string Of0 = "namespace=chains,pod=ethereum-0,chain=ethereum,network=mainnet,client=geth";

    public static RuleCase[] All { get; } =
    [
        new()
        {
            Alert = "EthereumHeadStale",
            At = "20m",
            Firing = [Sentinel("head_timestamp_seconds", 0, "0+60x10 600x60"), Sentinel("head_timestamp_seconds", 1, "0+60x60")],
            Labels = Of0,
            Value = "10m 0s",

            // As stale, and it says that it syncs.
            Silent = [Sentinel("head_timestamp_seconds", 0, "0+60x10 600x60"), Sentinel("head_timestamp_seconds", 1, "0+60x60"), Sentinel("syncing", 0, "1x60")],
        },
        new()
        {
            Alert = "EthereumHeadStopped",
            At = "25m",
            Firing = [Sentinel("head_timestamp_seconds", 0, "0+60x10 600x60"), Sentinel("head_timestamp_seconds", 1, "0+60x10 600x60")],
            Labels = "chain=ethereum,network=mainnet",
            Value = "15m 0s",
            Silent = [Sentinel("head_timestamp_seconds", 0, "0+60x10 600x60"), Sentinel("head_timestamp_seconds", 1, "0+60x60")],
        },
        new()
        {
            Alert = "EthereumNodeBehind",
            At = "20m",
            Firing = [Sentinel("head_height", 0, "100x60"), Sentinel("head_height", 1, "120+5x60")],
            Labels = Of0,
            Value = "120",
            Silent = [Sentinel("head_height", 0, "115+5x60"), Sentinel("head_height", 1, "120+5x60")],
        },
        new()
        {
            Alert = "EthereumFinalityStalled",
            At = "60m",
            Firing = [Sentinel("head_height", 0, "1000+5x90"), Sentinel("finalized_height", 0, "936+5x9 976x90")],
            Labels = "network=mainnet",
            Value = "324",
            Silent = [Sentinel("head_height", 0, "1000+5x90"), Sentinel("finalized_height", 0, "936+5x90")],
        },
        new()
        {
            Alert = "EthereumConsensusDown",
            At = "20m",
            Firing = [Sentinel("consensus_up", 0, "1x10 0x60"), Sentinel("consensus_up", 1, "1x60")],
            Labels = "namespace=chains,pod=ethereum-0,network=mainnet,client=geth",
            Value = "0",

            // It restarts, which takes it four minutes.
            Silent = [Sentinel("consensus_up", 0, "1x15 0x3 1x60"), Sentinel("consensus_up", 1, "1x60")],
        },
        new()
        {
            Alert = "EthereumConsensusBehind",
            At = "20m",
            Firing = [Sentinel("consensus_distance_slots", 0, "0+1x60")],
            Labels = "namespace=chains,pod=ethereum-0,network=mainnet,client=geth",
            Value = "20",
            Silent = [Sentinel("consensus_distance_slots", 0, "0x16 12x3 0x60")],
        },
        new()
        {
            Alert = "EthereumPeersFew",
            At = "20m",
            Firing = [Sentinel("peers", 0, "2x60")],
            Labels = "namespace=chains,pod=ethereum-0,network=mainnet,client=geth",
            Value = "2",
            Silent = [Sentinel("peers", 0, "2x5 30x60")],
        },
        new()
        {
            Alert = "EthereumConsensusPeersFew",
            At = "20m",
            Firing = [("""libp2p_peers{namespace="chains",pod="ethereum-0",container="lighthouse"}""", "4x60")],
            Labels = "namespace=chains,pod=ethereum-0",
            Value = "4",
            Silent = [("""libp2p_peers{namespace="chains",pod="ethereum-0",container="lighthouse"}""", "80x60")],
        },
        new()
        {
            Alert = "EthereumReorganised",
            At = "20m",
            Firing = [Sentinel("last_reorg_depth", 0, "1x10 3x60"), Sentinel("reorgs_total", 0, "4x10 5x60")],
            Labels = Of0,
            Value = "3",

            // A single block is replaced: that is common.
            Silent = [Sentinel("last_reorg_depth", 0, "3x10 1x60"), Sentinel("reorgs_total", 0, "4x10 5x60")],
        },
    ];

    private static (string Series, string Values) Sentinel(string metric, int node, string values) =>
        ($$"""sentinel_{{metric}}{namespace="chains",pod="ethereum-{{node}}",chain="ethereum",network="mainnet",client="{{(node == 0 ? "geth" : "reth")}}"}""", values);
}
