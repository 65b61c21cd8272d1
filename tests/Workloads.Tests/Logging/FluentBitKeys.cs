using System.Collections.Frozen;

namespace HaCluster.Workloads.Tests.Logging;

/// <summary>
/// The keys that Fluent Bit's documentation names, of the sections and plugins in use, as of August 2026 (version 5.1):
/// https://github.com/fluent/fluent-bit-docs, <c>administration/configuring-fluent-bit</c>, <c>administration/monitoring.md</c>,
/// <c>administration/transport-security.md</c>, <c>pipeline/buffering.md</c>, <c>pipeline/inputs/tail.md</c>,
/// <c>pipeline/filters/kubernetes.md</c>, <c>pipeline/outputs/opensearch.md</c>. Keys are told apart without regard to case.
/// </summary>
internal static class FluentBitKeys
{
    public static readonly FrozenSet<string> Service = Set(
        "daemon", "flush", "grace", "log_level", "parsers_file", "http_server", "http_listen", "http_port", "health_check", "hc_errors_count",
        "hc_retry_failure_count", "hc_period", "scheduler.base", "scheduler.cap", "storage.path", "storage.sync", "storage.checksum", "storage.metrics",
        "storage.max_chunks_up", "storage.backlog.mem_limit", "storage.delete_irrecoverable_chunks", "storage.keep.rejected", "storage.rejected.path",
        "storage.rejected.limit", "storage.type", "storage.inherit", "storage.trim_files", "storage.backlog.flush_on_shutdown");

    public static readonly FrozenSet<string> Tail = Set(
        "name", "alias", "tag", "path", "exclude_path", "multiline.parser", "db", "db.sync", "db.locking", "db.journal_mode", "db.compare_filename",
        "read_from_head", "refresh_interval", "rotate_wait", "buffer_chunk_size", "buffer_max_size", "skip_long_lines", "truncate_long_lines",
        "skip_empty_lines", "ignore_older", "mem_buf_limit", "storage.type", "storage.pause_on_chunks_overlimit", "threaded", "inotify_watcher");

    public static readonly FrozenSet<string> Kubernetes = Set(
        "name", "alias", "match", "merge_log", "merge_log_key", "merge_log_trim", "keep_log", "labels", "annotations", "k8s-logging.parser",
        "k8s-logging.exclude", "buffer_size", "kube_url", "kube_tag_prefix", "use_kubelet", "namespace_labels", "owner_references");

    public static readonly FrozenSet<string> OpenSearch = Set(
        "name", "alias", "match", "host", "port", "tls", "tls.verify", "tls.verify_hostname", "aws_auth", "aws_region", "aws_service_name", "aws_role_arn",
        "suppress_type_name", "logstash_format", "logstash_prefix", "logstash_dateformat", "time_key", "time_key_nanos", "generate_id", "id_key",
        "write_operation", "compress", "buffer_size", "trace_error", "workers", "index", "retry_limit", "storage.total_limit_size");

    private static FrozenSet<string> Set(params string[] keys) => keys.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
