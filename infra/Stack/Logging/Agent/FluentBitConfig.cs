using System.Globalization;
using HaCluster.Stack.Logging.Search;
using HaCluster.Stack.Logging.Setup;
using HaCluster.Stack.Settings.Logging;
using HaCluster.Stack.Settings.Namespaces;

namespace HaCluster.Stack.Logging.Agent;

/// <summary>
/// Fluent Bit's configuration. As delivered it tries a batch twice and then drops it, buffers in memory, and stops to read a file whose line is too
/// long; each of these is set otherwise here, because each loses records.
/// </summary>
/// <remarks>
/// https://docs.fluentbit.io/manual/administration/configuring-fluent-bit/classic-mode/configuration-file,
/// https://docs.fluentbit.io/manual/pipeline/buffering, https://docs.fluentbit.io/manual/administration/dead-letter-queue.
/// </remarks>
public static class FluentBitConfig
{
    /// <summary>Folder on the node's disk with buffers, positions in files, and what was refused.</summary>
    public const string State = "/var/lib/fluent-bit";

    /// <summary>Name of the input and of the output in metrics.</summary>
    public const string Alias = "application";

    // Megabytes that are kept of what OpenSearch refused for good; it stays until somebody has looked at it and removed it.
    private const int RejectedMegabytes = 512;

    /// <summary>How batches are kept and tried again.</summary>
    public static FluentBitSection Service() => new(
        "SERVICE",
        ("Daemon", "Off"),
        ("Flush", "1"),
        ("Grace", "20"),
        ("Log_Level", "info"),
        ("Parsers_File", "/fluent-bit/etc/parsers.conf"),
        ("HTTP_Server", "On"),
        ("HTTP_Listen", "0.0.0.0"),
        ("HTTP_Port", "2020"),
        ("Health_Check", "On"),
        ("HC_Errors_Count", "5"),
        ("HC_Retry_Failure_Count", "5"),
        ("HC_Period", "60"),

        // The default waits up to 33 minutes between retries; after an outage, records should arrive at once.
        ("scheduler.base", "5"),
        ("scheduler.cap", "60"),
        ("storage.path", $"{State}/chunks"),
        ("storage.sync", "full"),
        ("storage.checksum", "On"),
        ("storage.metrics", "On"),
        ("storage.max_chunks_up", "64"),
        ("storage.backlog.mem_limit", "32M"),
        ("storage.delete_irrecoverable_chunks", "Off"),
        ("storage.keep.rejected", "On"),
        ("storage.rejected.path", "rejected"),
        ("storage.rejected.limit", $"{RejectedMegabytes}M"));

    /// <summary>Files of containers. The agent's own are left out: an error about a record would be a record.</summary>
    public static FluentBitSection Input(LogAgentSettings settings) => new(
        "INPUT",
        ("Name", "tail"),
        ("Alias", Alias),
        ("Tag", "kube.*"),
        ("Path", "/var/log/containers/*.log"),
        ("Exclude_Path", string.Join(',', settings.ExcludedNamespaces.Select(name => $"/var/log/containers/*_{name}_*.log")
            .Prepend($"/var/log/containers/{LogAgent.Name}-*_{ClusterNamespaces.Logging}_*.log"))),

        // The time that the runtime wrote before a line is the time of the record.
        ("multiline.parser", "cri"),
        ("DB", $"{State}/tail.db"),
        ("DB.Sync", "full"),
        ("DB.locking", "true"),
        ("Read_from_Head", "On"),
        ("Refresh_Interval", "5"),
        ("Rotate_Wait", "60"),
        ("Buffer_Chunk_Size", "64k"),
        ("Buffer_Max_Size", "1M"),

        // The runtime splits lines at 16 KiB, so that none is too long; should one be, only the line is lost and not the rest of the file.
        ("Skip_Long_Lines", "On"),
        ("storage.type", "filesystem"),

        // When memory is full, records are buffered in files: a log file that is not read in time is lost with its rotation.
        ("storage.pause_on_chunks_overlimit", "Off"));

    /// <summary>Says which pod a record is from, and puts the fields of a JSON line under one name.</summary>
    public static FluentBitSection Filter() => new(
        "FILTER",
        ("Name", "kubernetes"),
        ("Match", "kube.*"),
        ("Merge_Log", "On"),
        ("Merge_Log_Key", "extra"),
        ("Keep_Log", "On"),
        ("Labels", "On"),
        ("Annotations", "Off"),
        ("K8S-Logging.Parser", "Off"),

        // A pod leaves its logs out by the annotation fluentbit.io/exclude, a namespace by the settings.
        ("K8S-Logging.Exclude", "On"),
        ("Buffer_Size", "512k"));

    /// <summary>To OpenSearch, by the day of the record, until it is taken.</summary>
    public static FluentBitSection Output(LogAgentSettings settings, string endpoint, string region) => new(
        "OUTPUT",
        ("Name", "opensearch"),
        ("Alias", Alias),
        ("Match", "kube.*"),
        ("Host", endpoint),
        ("Port", SearchDomain.Https.ToString(CultureInfo.InvariantCulture)),
        ("tls", "On"),
        ("tls.verify", "On"),
        ("tls.verify_hostname", "On"),
        ("AWS_Auth", "On"),
        ("AWS_Region", region),
        ("AWS_Service_Name", "es"),
        ("Suppress_Type_Name", "On"),
        ("Logstash_Format", "On"),
        ("Logstash_Prefix", IndexTemplates.Application),
        ("Logstash_DateFormat", "%Y.%m.%d"),
        ("Time_Key", "@timestamp"),
        ("Time_Key_Nanos", "On"),

        // A batch that was accepted in part is sent again completely: the ids of its records are hashes of their content, so they overwrite
        // themselves. With "create" the second try is a conflict, and versions before https://github.com/fluent/fluent-bit/pull/12358 try conflicts again without end.
        ("Generate_ID", "On"),
        ("Write_Operation", "index"),
        ("Compress", "gzip"),

        // The answer names each record; one that is cut off counts as a failure of all.
        ("Buffer_Size", "False"),
        ("Trace_Error", "On"),
        ("Workers", "1"),
        ("Retry_Limit", "no_limits"),

        // Beyond this the oldest batches go. Without a limit they would fill the node's disk, and the kubelet would evict every pod of the node.
        // The alert on the size of the buffer fires long before.
        ("storage.total_limit_size", $"{settings.BufferGiB}G"));
}
