namespace HaCluster.Sentinel.Metrics;

/// <summary>Names of all series; alert rules and dashboards use them, and a test compares.</summary>
internal static class MetricNames
{
    public const string BuildInfo = "sentinel_build_info";
    public const string NodeUp = "sentinel_node_up";
    public const string HeadHeight = "sentinel_head_height";
    public const string HeadTimestamp = "sentinel_head_timestamp_seconds";
    public const string ReferenceHeight = "sentinel_reference_height";
    public const string LagBlocks = "sentinel_lag_blocks";
    public const string Peers = "sentinel_peers";
    public const string Syncing = "sentinel_syncing";
    public const string Ready = "sentinel_ready";
    public const string Live = "sentinel_live";
    public const string FailOpen = "sentinel_fail_open";
    public const string FinalizedHeight = "sentinel_finalized_height";
    public const string LastReorgDepth = "sentinel_last_reorg_depth";
    public const string ReorgsTotal = "sentinel_reorgs_total";
    public const string HashDivergence = "sentinel_hash_divergence";
    public const string ConsensusUp = "sentinel_consensus_up";
    public const string ConsensusDistance = "sentinel_consensus_distance_slots";
    public const string PollSeconds = "sentinel_poll_seconds";
    public const string RpcSeconds = "sentinel_rpc_seconds";
    public const string RpcErrorsTotal = "sentinel_rpc_errors_total";
    public const string MempoolTransactions = "sentinel_mempool_transactions";
    public const string MempoolBytes = "sentinel_mempool_bytes";
    public const string GasPrice = "sentinel_gas_price_wei";
    public const string BaseFee = "sentinel_base_fee_wei";
    public const string VolumeBytes = "sentinel_volume_bytes";
    public const string VolumeFreeBytes = "sentinel_volume_free_bytes";
    public const string VolumeDaysUntilFull = "sentinel_volume_days_until_full";
    public const string CertificateDays = "sentinel_certificate_days_until_end";

    public static readonly string[] Labels = ["chain", "network", "client"];
}
