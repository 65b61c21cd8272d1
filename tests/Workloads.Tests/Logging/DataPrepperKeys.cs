using System.Collections.Frozen;

namespace HaCluster.Workloads.Tests.Logging;

/// <summary>
/// The options that Data Prepper knows, of the plugins in use, as of August 2026 (commit 4e7f003): the <c>JsonProperty</c> names of
/// <c>S3SourceConfig</c>, <c>SqsOptions</c>, <c>AwsAuthenticationOptions</c>, <c>NdjsonInputConfig</c>, <c>DateProcessorConfig</c>,
/// <c>OpenSearchSinkConfig</c>, <c>AwsAuthenticationConfiguration</c>, <c>S3DlqWriterConfig</c> and <c>SinkModel</c> in
/// https://github.com/opensearch-project/data-prepper. Below a path that is not here no option is known.
/// </summary>
internal static class DataPrepperKeys
{
    public static readonly FrozenDictionary<string, FrozenSet<string>> ByPath = new Dictionary<string, FrozenSet<string>>
    {
        [""] = Set("source", "processor", "sink"),
        ["source"] = Set("s3"),
        ["source/s3"] = Set(
            "notification_type", "notification_source", "compression", "codec", "sqs", "workers", "aws", "on_error", "acknowledgments", "buffer_timeout",
            "records_to_accumulate", "disable_bucket_ownership_validation", "bucket_owners", "backoff_time", "default_bucket_owner", "metadata_root_key",
            "s3_select", "scan", "delete_s3_objects_on_read", "disable_s3_metadata_in_event", "data_selection", "filters"),
        ["source/s3/codec"] = Set("ndjson", "newline", "json", "csv"),
        ["source/s3/codec/ndjson"] = Set("include_empty_objects"),
        ["source/s3/sqs"] = Set(
            "queue_url", "maximum_messages", "visibility_timeout", "visibility_duplication_protection", "visibility_duplicate_protection_timeout",
            "wait_time", "poll_delay", "max_receive_attempts", "shutdown_timeout"),
        ["source/s3/aws"] = Set("region", "sts_role_arn", "sts_external_id", "sts_header_overrides"),
        ["processor"] = Set("date"),
        ["processor/date"] = Set(
            "from_time_received", "match", "destination", "output_format", "origination_timestamp_to_metadata", "source_timezone", "destination_timezone",
            "locale", "date_when"),
        ["processor/date/match"] = Set("key", "patterns"),
        ["sink"] = Set("opensearch"),
        ["sink/opensearch"] = Set(
            "hosts", "authentication", "socket_timeout", "connect_timeout", "aws", "insecure", "proxy", "path_prefix", "distribution_version",
            "enable_request_compression", "index", "index_type", "template_type", "template_content", "number_of_shards", "number_of_replicas", "bulk_size",
            "flush_timeout", "document_version_type", "document_version", "normalize_index", "document_id", "routing", "action", "actions", "script",
            "document_root_key", "max_retries", "dlq", "query_lookup", "include_keys", "exclude_keys", "routes", "tags_target_key"),
        ["sink/opensearch/aws"] = Set("region", "sts_role_arn", "sts_external_id", "sts_header_overrides", "serverless", "serverless_options"),
        ["sink/opensearch/dlq"] = Set("s3"),
        ["sink/opensearch/dlq/s3"] = Set(
            "bucket", "key_path_prefix", "region", "force_path_style", "legacy_md5_checksum", "sts_role_arn", "sts_external_id", "sts_header_overrides",
            "bucket_owner"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>
    /// What OpenSearch Ingestion sets itself and refuses to be told
    /// (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/pipeline-config-reference.html).
    /// </summary>
    public static readonly FrozenSet<string> Refused = Set("buffer", "workers", "delay", "cert", "username", "password", "ism_policy_file", "template_file", "dlq_file");

    private static FrozenSet<string> Set(params string[] keys) => keys.ToFrozenSet(StringComparer.Ordinal);
}
