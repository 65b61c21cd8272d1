namespace HaCluster.Workloads.Tests.Rules.Cases;

/// <summary>All chains, and Bitcoin.</summary>
internal static class ChainCases
{
    private const string OfBitcoin = """namespace="chains",chain="bitcoin",network="mainnet",client="btcd" """;
    private const string BitcoinLabels = "chain=bitcoin,network=mainnet";

    public static RuleCase[] All { get; } =
    [
        new()
        {
            Alert = "ChainNodeDown",
            At = "15m",
            Firing = [Sentinel("node_up", 0, "0x60"), Sentinel("node_up", 1, "1x60")],
            Labels = $"namespace=chains,pod=bitcoin-0,client=btcd,{BitcoinLabels}",
            Silent = [Sentinel("node_up", 0, "1x9 0x3 1x60"), Sentinel("node_up", 1, "1x60")],
        },
        new()
        {
            Alert = "ChainSentinelMissing",
            At = "20m",
            Firing = [Running("bitcoin-0"), Running("bitcoin-1"), Sentinel("build_info", 1, "1x60")],
            Labels = "namespace=chains,pod=bitcoin-0",
            Silent = [Running("bitcoin-0"), Running("bitcoin-1"), Sentinel("build_info", 0, "1x60"), Sentinel("build_info", 1, "1x60")],
        },
        new()
        {
            Alert = "ChainNodesFew",
            At = "15m",
            Firing = [Sentinel("ready", 0, "0x60"), Sentinel("ready", 1, "1x60"), Sentinel("ready", 2, "0x60")],
            Labels = BitcoinLabels,
            Silent = [Sentinel("ready", 0, "0x60"), Sentinel("ready", 1, "1x60"), Sentinel("ready", 2, "1x60")],
        },
        new()
        {
            Alert = "ChainWithoutNodes",
            At = "15m",
            Firing = [Sentinel("ready", 0, "0x60"), Sentinel("ready", 1, "0x60")],
            Labels = BitcoinLabels,
            Silent = [Sentinel("ready", 0, "0x60"), Sentinel("ready", 1, "1x60")],
        },
        new()
        {
            Alert = "ChainFailOpen",
            At = "15m",
            Firing = [Sentinel("fail_open", 0, "1x60"), Sentinel("fail_open", 1, "1x60")],
            Labels = BitcoinLabels,
            Silent = [Sentinel("fail_open", 0, "0x60"), Sentinel("fail_open", 1, "0x60")],
        },
        new()
        {
            Alert = "ChainNodeSyncsLong",
            Interval = "5m",
            At = "26h",
            Firing = [Sentinel("syncing", 0, "1x400")],
            Labels = $"namespace=chains,pod=bitcoin-0,client=btcd,{BitcoinLabels}",
            Silent = [Sentinel("syncing", 0, "1x250 0x400")],
        },
        new()
        {
            Alert = "ChainForked",
            At = "30m",
            Firing = [Sentinel("hash_divergence", 0, "1x60"), Sentinel("hash_divergence", 1, "0x60")],
            Labels = BitcoinLabels,

            // Two branches for ten minutes, then one of them wins.
            Silent = [Sentinel("hash_divergence", 0, "0x18 1x10 0x60"), Sentinel("hash_divergence", 1, "0x60")],
        },
        new()
        {
            Alert = "ChainNodeCallsFail",
            At = "25m",
            Firing = [Errors("unauthorized", "0+6x60"), Sentinel("poll_seconds_count", 0, "0+60x60"), Sentinel("node_up", 0, "1x60")],
            Labels = $"namespace=chains,pod=bitcoin-0,client=btcd,{BitcoinLabels}",
            Value = "10%",

            // As many, which the node understood and refused.
            Silent = [Errors("refused", "0+6x60"), Sentinel("poll_seconds_count", 0, "0+60x60"), Sentinel("node_up", 0, "1x60")],
        },
        new()
        {
            Alert = "ChainVolumeFillsSoon",
            At = "90m",
            Firing = [Sentinel("volume_days_until_full", 0, "10x100"), Sentinel("volume_free_bytes", 0, "30x100"), Sentinel("volume_bytes", 0, "100x100")],
            Labels = $"namespace=chains,pod=bitcoin-0,client=btcd,{BitcoinLabels}",
            Value = "10d 0h 0m 0s",

            // As soon, in the first synchronisation.
            Silent =
            [
                Sentinel("volume_days_until_full", 0, "10x100"), Sentinel("volume_free_bytes", 0, "30x100"), Sentinel("volume_bytes", 0, "100x100"),
                Sentinel("syncing", 0, "1x100"),
            ],
        },
        new()
        {
            Alert = "ChainCertificateExpiresInAWeek",
            At = "90m",
            Firing = [Sentinel("certificate_days_until_end", 0, "5x100"), Sentinel("certificate_days_until_end", 1, "29x100")],
            Labels = $"namespace=chains,pod=bitcoin-0,client=btcd,{BitcoinLabels}",
            Value = "5d 0h 0m 0s",

            // Less than a day: that has an alert of its own.
            Silent = [Sentinel("certificate_days_until_end", 0, "0.5x100"), Sentinel("certificate_days_until_end", 1, "29x100")],
        },
        new()
        {
            Alert = "ChainCertificateExpiresInADay",
            At = "10m",
            Firing = [Sentinel("certificate_days_until_end", 0, "0.5x100"), Sentinel("certificate_days_until_end", 1, "29x100")],
            Labels = $"namespace=chains,pod=bitcoin-0,client=btcd,{BitcoinLabels}",
            Value = "12h 0m 0s",
            Silent = [Sentinel("certificate_days_until_end", 0, "1.5x100"), Sentinel("certificate_days_until_end", 1, "29x100")],
        },
        new()
        {
            Alert = "ChainRpcBackendsFew",
            At = "15m",
            Firing = [.. Servers("0", "1", "0")],
            Labels = "namespace=chains,proxy=bitcoin",
            Silent = [.. Servers("1", "1", "0")],
        },
        new()
        {
            Alert = "ChainRpcBackendsNone",
            At = "15m",
            Firing = [.. Servers("0", "0", "0")],
            Labels = "namespace=chains,proxy=bitcoin",
            Silent = [.. Servers("0", "1", "0")],
        },
        new()
        {
            Alert = "BitcoinTipOld",
            At = "70m",
            Firing = [Sentinel("head_timestamp_seconds", 0, "0x100"), Sentinel("head_timestamp_seconds", 1, "120x100")],
            Labels = BitcoinLabels,
            Value = "1h 8m 0s",

            // One node is stuck, another sees blocks.
            Silent = [Sentinel("head_timestamp_seconds", 0, "0x100"), Sentinel("head_timestamp_seconds", 1, "0x60 3300x60")],
        },
        new()
        {
            Alert = "BitcoinTipVeryOld",
            At = "130m",
            Firing = [Sentinel("head_timestamp_seconds", 0, "0x200")],
            Labels = BitcoinLabels,
            Value = "2h 10m 0s",
            Silent = [Sentinel("head_timestamp_seconds", 0, "1200x200")],
        },
        new()
        {
            Alert = "BitcoinNodeBehind",
            At = "30m",
            Firing = [Sentinel("head_height", 0, "900000x60"), Sentinel("head_height", 1, "900005x60")],
            Labels = $"namespace=chains,pod=bitcoin-0,client=btcd,{BitcoinLabels}",
            Value = "5",

            // As far behind, and it says that it syncs.
            Silent = [Sentinel("head_height", 0, "900000x60"), Sentinel("head_height", 1, "900005x60"), Sentinel("syncing", 0, "1x60")],
        },
        new()
        {
            Alert = "BitcoinPeersFew",
            At = "15m",
            Firing = [Sentinel("peers", 0, "3x60")],
            Labels = "namespace=chains,pod=bitcoin-0,network=mainnet",
            Value = "3",
            Silent = [Sentinel("peers", 0, "8x60")],
        },
        new()
        {
            Alert = "BitcoinReorganised",
            At = "20m",
            Firing = [Sentinel("last_reorg_depth", 0, "0x10 2x60"), Sentinel("reorgs_total", 0, "4x10 5x60")],
            Labels = $"namespace=chains,pod=bitcoin-0,client=btcd,{BitcoinLabels}",
            Value = "2",

            // The depth of the last one stays on show; there was none since.
            Silent = [Sentinel("last_reorg_depth", 0, "2x60"), Sentinel("reorgs_total", 0, "5x60")],
        },
        new()
        {
            Alert = "ChainSnapshotOld",
            Interval = "5m",
            At = "50h",
            Firing = [Snapshot("bitcoin", "data-bitcoin-0", "60x700"), Snapshot("bitcoin2", "data-bitcoin-1", "3600x700")],
            Labels = "namespace=chains,set=data-bitcoin",
            Value = "2d 1h 0m 0s",

            // The newest of the set counts, whichever replica it is of; one that is being taken has no time yet.
            Silent = [Snapshot("bitcoin", "data-bitcoin-0", "60x700"), Snapshot("bitcoin2", "data-bitcoin-1", "90000x700"), Snapshot("geth", "data-geth-0", "0x700")],
        },
        new()
        {
            Alert = "ChainSnapshotMissing",
            Interval = "5m",
            At = "50h",
            Firing = [Claim("data-bitcoin-0"), Claim("data-geth-0"), Snapshot("geth", "data-geth-0", "60x700")],
            Labels = "namespace=chains,set=data-bitcoin",
            Silent = [Claim("data-bitcoin-0"), Claim("data-geth-0"), Snapshot("geth", "data-geth-0", "60x700"), Snapshot("bitcoin", "data-bitcoin-1", "_x400 100000x300")],
        },
    ];

    private static (string Series, string Values) Sentinel(string metric, int node, string values) =>
        ($$"""sentinel_{{metric}}{{{OfBitcoin}},pod="bitcoin-{{node}}"}""", values);

    private static (string Series, string Values) Errors(string fault, string values) =>
        ($$"""sentinel_rpc_errors_total{{{OfBitcoin}},pod="bitcoin-0",fault="{{fault}}"}""", values);

    private static (string Series, string Values) Running(string pod) =>
        ($$"""kube_pod_container_status_running{namespace="chains",pod="{{pod}}",container="sentinel"}""", "1x60");

    // Two fronts that agree, and a page of statistics without servers.
    private static IEnumerable<(string Series, string Values)> Servers(params string[] up) =>
        from front in (string[])["front-a", "front-b"]
        from server in up.Select((value, index) => (Value: value, Name: $"bitcoin-{index}"))
        select ($$"""haproxy_server_status{namespace="chains",pod="{{front}}",proxy="bitcoin",server="{{server.Name}}",state="UP"}""", $"{server.Value}x60");

    private static (string Series, string Values) Snapshot(string name, string claim, string values) =>
        ($$"""kube_volumesnapshot_creation_time_seconds{namespace="chains",volumesnapshot="{{name}}",claim="{{claim}}"}""", values);

    private static (string Series, string Values) Claim(string name) =>
        ($$"""kube_persistentvolumeclaim_info{namespace="chains",storageclass="chain-data",persistentvolumeclaim="{{name}}"}""", "1x700");
}
