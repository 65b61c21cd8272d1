namespace HaCluster.Workloads.Tests.Chains.Alerts;

/// <summary>What goes wrong with three nodes of a chain, and which alerts say so.</summary>
internal static class ChainScenarios
{
    public static ChainScenario[] Bitcoin { get; } =
    [
        new("A node loses peers, and certificates come to their end",
            ["BitcoinPeersFew", "ChainCertificateExpiresInAWeek", "ChainCertificateExpiresInADay"],
            stage =>
            {
                stage.Nodes[0].Peers = 3;
                stage.Nodes[1].Certificate = stage.Certificate(TimeSpan.FromDays(5));
                stage.Nodes[2].Certificate = stage.Certificate(TimeSpan.FromHours(12));
            },
            stage =>
            {
                stage.Nodes[0].Peers = 8;
                stage.Nodes[1].Certificate = stage.Nodes[2].Certificate = stage.Certificate(TimeSpan.FromDays(90));
            }),
        new("No node gets a block for more than two hours",
            ["BitcoinTipOld", "BitcoinTipVeryOld", "ChainFailOpen"],
            stage => stage.Nodes.ForEach(node => node.Late = TimeSpan.FromMinutes(125)),
            stage => stage.Nodes.ForEach(node => node.Late = TimeSpan.Zero)),
        new("A node no longer follows the chain",
            ["BitcoinNodeBehind"],
            stage => stage.Nodes[0].StalledAt = stage.Chain.Head - 5,
            stage => stage.Nodes[0].StalledAt = null),
        new("The chain replaces two blocks",
            ["BitcoinReorganised"],
            stage => ReorganiseAsync(stage, depth: 2),
            _ => { }),
    ];

    public static ChainScenario[] Ethereum { get; } =
    [
        new("A node loses its peers, its consensus client falls behind and it syncs for long",
            ["EthereumPeersFew", "EthereumConsensusBehind", "EthereumConsensusPeersFew", "ChainNodeSyncsLong"],
            stage =>
            {
                (stage.Nodes[0].Peers, stage.Nodes[0].Distance, stage.Nodes[0].IsSyncing) = (2, 20, true);
                // Lighthouse tells this itself.
                stage.Show(("""libp2p_peers{namespace="chains",pod="ethereum-geth-0",container="lighthouse"}""", 4));
            },
            stage =>
            {
                (stage.Nodes[0].Peers, stage.Nodes[0].Distance, stage.Nodes[0].IsSyncing) = (12, 0, false);
                stage.Show(("""libp2p_peers{namespace="chains",pod="ethereum-geth-0",container="lighthouse"}""", 80));
            }),
        new("The chain does not finalise and replaces three blocks",
            ["EthereumFinalityStalled", "EthereumReorganised"],
            async stage =>
            {
                stage.Nodes.ForEach(node => node.Unfinalized = 200);
                await stage.UntilAsync("it is told", async () => (await stage.Prometheus.FiringAsync()).Contains("EthereumFinalityStalled"));
                await ReorganiseAsync(stage, depth: 3);
            },
            stage =>
            {
                stage.Nodes.ForEach(node => node.Unfinalized = 70);
                return Task.CompletedTask;
            }),
        new("A node no longer follows the chain",
            ["EthereumHeadStale", "EthereumNodeBehind"],
            stage => (stage.Nodes[0].StalledAt, stage.Nodes[0].Late) = (stage.Chain.Head - 20, TimeSpan.FromMinutes(2)),
            stage => (stage.Nodes[0].StalledAt, stage.Nodes[0].Late) = (null, TimeSpan.Zero)),
        new("No node gets a block for more than five minutes",
            ["EthereumHeadStale", "EthereumHeadStopped", "ChainFailOpen"],
            stage => stage.Nodes.ForEach(node => node.Late = TimeSpan.FromMinutes(7)),
            stage => stage.Nodes.ForEach(node => node.Late = TimeSpan.Zero)),
        new("A node follows another branch",
            ["ChainForked"],
            stage => stage.Nodes[2].ForkedAbove = stage.Chain.Head,
            stage => stage.Nodes[2].ForkedAbove = null),
        // Both of its programs.
        new("A node is down", ["ChainNodeDown", "EthereumConsensusDown"], stage => stage.Nodes[0].IsDown = true, stage => stage.Nodes[0].IsDown = false) { MayFire = ["EthereumHeadStale", "EthereumNodeBehind"] },
        new("A consensus client fails", ["ChainNodeCallsFail", "EthereumConsensusDown"], stage => stage.Nodes[1].IsConsensusBroken = true, stage => stage.Nodes[1].IsConsensusBroken = false),
        new("A sentinel is gone",
            ["ChainSentinelMissing"],
            stage => stage.Sentinels[2].DisposeAsync().AsTask(),
            stage => stage.RestartSentinelAsync(2)),
        new("Two of three nodes are down",
            ["ChainNodeDown", "EthereumConsensusDown", "ChainNodesFew", "ChainRpcBackendsFew"],
            stage => stage.Nodes[0].IsDown = stage.Nodes[1].IsDown = true,
            stage => stage.Nodes[0].IsDown = stage.Nodes[1].IsDown = false) { MayFire = ["EthereumHeadStale", "EthereumNodeBehind"] },
        new("All nodes are down",
            ["ChainNodeDown", "EthereumConsensusDown", "ChainWithoutNodes", "ChainRpcBackendsNone"],
            stage => stage.Nodes.ForEach(node => node.IsDown = true),
            stage => stage.Nodes.ForEach(node => node.IsDown = false)) { MayFire = ["EthereumHeadStale", "EthereumHeadStopped"] },

        // Snapshots are told of by kube-state-metrics. A sentinel tells of growth after an hour: here the series it then has are played.
        new("Snapshots stop, and a volume fills",
            ["ChainSnapshotOld", "ChainSnapshotMissing", "ChainVolumeFillsSoon"],
            stage => stage.Show([
                ("""kube_persistentvolumeclaim_info{namespace="chains",storageclass="chain-data",persistentvolumeclaim="data-ethereum-geth-0"}""", 1),
                ("""kube_persistentvolumeclaim_info{namespace="chains",storageclass="chain-data",persistentvolumeclaim="data-ethereum-reth-0"}""", 1),
                ("""kube_volumesnapshot_creation_time_seconds{namespace="chains",volumesnapshot="old",claim="data-ethereum-reth-0"}""", Ago(days: 3)),
                .. Volume(daysUntilFull: 9)]),
            stage => stage.Show([
                ("""kube_persistentvolumeclaim_info{namespace="chains",storageclass="chain-data",persistentvolumeclaim="data-ethereum-geth-0"}""", 1),
                ("""kube_persistentvolumeclaim_info{namespace="chains",storageclass="chain-data",persistentvolumeclaim="data-ethereum-reth-0"}""", 1),
                ("""kube_volumesnapshot_creation_time_seconds{namespace="chains",volumesnapshot="first",claim="data-ethereum-geth-0"}""", Ago(days: 0)),
                ("""kube_volumesnapshot_creation_time_seconds{namespace="chains",volumesnapshot="new",claim="data-ethereum-reth-0"}""", Ago(days: 0)),
                .. Volume(daysUntilFull: 90)])),
    ];

    private static int Ago(int days) => (int)DateTimeOffset.UtcNow.AddDays(-days).ToUnixTimeSeconds();

    private static (string Series, int Value)[] Volume(int daysUntilFull)
    {
        const string Of = """namespace="chains",pod="ethereum-geth-0",chain="ethereum",network="mainnet",client="geth" """;
        return [($"sentinel_volume_days_until_full{{{Of}}}", daysUntilFull), ($"sentinel_volume_free_bytes{{{Of}}}", 30), ($"sentinel_volume_bytes{{{Of}}}", 100)];
    }

    /// <summary>While all know the same newest block: else some see fewer blocks replaced, and for moments they differ.</summary>
    private static async Task ReorganiseAsync(ChainStage stage, int depth)
    {
        stage.Chain.Pause();
        await stage.UntilSeenAsync();
        stage.Chain.Reorganise(depth);
        await stage.UntilSeenAsync();
        stage.Chain.Resume();
    }
}
