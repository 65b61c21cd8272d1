namespace HaCluster.Stack.Settings.Logging;

/// <summary>Finance and audit logs in OpenSearch (<c>ha-cluster:logging</c>).</summary>
public sealed record LoggingSettings
{
    // AWS counts this much on top of the source for indexes, the operating system and room to merge:
    // https://docs.aws.amazon.com/opensearch-service/latest/developerguide/bp-storage.html
    private const decimal StorageOverhead = 1.45m;

    public required bool IsEnabled { get; init; }

    public required SearchSettings Search { get; init; }

    /// <summary>Logs of containers, by the day they were written.</summary>
    public required IndexSettings Application { get; init; }

    /// <summary>Audit log of the Kubernetes API, by the day of the request.</summary>
    public required IndexSettings Audit { get; init; }

    /// <summary>Finance records, by the month they happened in.</summary>
    public required IndexSettings FinanceIndex { get; init; }

    public required FinanceSettings Finance { get; init; }

    public required LogAgentSettings Agent { get; init; }

    public required AuditSearchSettings AuditSearch { get; init; }

    /// <summary>Days that S3 keeps the copies of audit records.</summary>
    public required int AuditArchiveDays { get; init; }

    /// <summary>Days that CloudWatch keeps the logs of OpenSearch itself.</summary>
    public required int SearchLogDays { get; init; }

    /// <summary>Shards that all indices have together, copies included.</summary>
    public int Shards => (Application.Indices(1) + Audit.Indices(1) + FinanceIndex.Indices(IndexSettings.DaysOfMonth)) * Search.Copies;

    /// <summary>Smallest volume of a data node, in GiB, that holds the configured amount of records.</summary>
    public int NeededVolumeGiB => (int)Math.Ceiling(
        (Application.Total + Audit.Total + FinanceIndex.Total) * Search.Copies * StorageOverhead / Search.DataNodes / Quantity.Parse("1Gi").Value);

    /// <summary>What is allowed but worth a second thought.</summary>
    /// <param name="runsFinanceLog">Whether the finance-log service runs, be it for the events of payments only.</param>
    public IEnumerable<string> Notices(bool runsFinanceLog)
    {
        if (!IsEnabled)
            yield break;

        if (Search.Zones == 2)
        {
            yield return "ha-cluster:logging has two zones; two of the three master nodes share one of them, and if that zone is lost OpenSearch accepts no writes "
                + "until AWS has replaced a master; until then logs wait on the nodes' disks";
        }
        else if (!Search.HasStandby)
        {
            yield return "ha-cluster:logging.search.standby is false; each record has two copies, not three, and the loss of a zone makes OpenSearch move shards";
        }

        foreach (var notice in AuditSearch.Notices())
            yield return notice;

        if (Finance.ProducersSecret is null)
        {
            yield return $"ha-cluster:logging.finance.producers is empty; {(runsFinanceLog ? "the finance log takes the events of payments only, and nobody may read them" : "the finance-log service is not run")}: "
                + "make tokens with `ledger token`, store the file of producers in AWS Secrets Manager and name that secret here";
        }

        if (!Finance.IsCompliance)
        {
            yield return "ha-cluster:logging.finance.lock is governance; a role with s3:BypassGovernanceRetention can delete finance records early. "
                + "With compliance nobody can, and this choice cannot be undone: choose it once the years are agreed";
        }
    }

    /// <param name="zones">Number of zones of the cluster.</param>
    public static LoggingSettings Read(SettingsReader reader, int zones)
    {
        var search = reader.Object("search", "The OpenSearch domain: data nodes and three dedicated master nodes.");
        var application = reader.Object("application", "Logs of containers.");
        var audit = reader.Object("audit", "Audit log of the Kubernetes API: searchable for `days`, with a copy in S3 for `archiveDays`.");
        var finance = reader.Object("finance", "Finance records: searchable for `days`, kept in a locked archive for `retentionYears`.");
        var agent = reader.Object("agent", "Agent that collects the logs of containers on each node (Fluent Bit).");
        var settings = new LoggingSettings
        {
            IsEnabled = reader.Boolean("enabled", "Whether logs are sent to OpenSearch and to an archive that nobody can change.", true),
            Search = SearchSettings.Read(search, zones),
            Application = IndexSettings.Read(application, 14, "4Gi"),
            Audit = IndexSettings.Read(audit, 90, "1Gi"),
            FinanceIndex = IndexSettings.Read(finance, 400, "100Mi"),
            Finance = FinanceSettings.Read(finance),
            Agent = LogAgentSettings.Read(agent),
            AuditSearch = AuditSearchSettings.Read(audit),
            AuditArchiveDays = audit.Int32("archiveDays", "Days that S3 keeps the copies of audit records.", 400, 1, IndexSettings.MaxDays),
            SearchLogDays = LogRetention.Read(search, "logRetentionDays", "Days that CloudWatch keeps the logs of OpenSearch itself.", 90),
        };
        CheckRetention(audit, finance, settings);
        CheckRoom(search, settings);
        foreach (var each in new[] { search, application, audit, finance, agent, reader })
            each.Close();
        return settings;
    }

    private static void CheckRetention(SettingsReader audit, SettingsReader finance, LoggingSettings settings)
    {
        if (settings.AuditArchiveDays < settings.Audit.Days)
        {
            audit.Problems.Add(
                audit.PathOf("archiveDays"),
                settings.AuditArchiveDays,
                $"records stay searchable for {settings.Audit.Days} days, and the archive must not delete them earlier: raise it to {settings.Audit.Days} or more");
        }

        var kept = settings.Finance.RetentionYears * 365;
        if (settings.FinanceIndex.Days > kept)
        {
            finance.Problems.Add(
                finance.PathOf("days"),
                settings.FinanceIndex.Days,
                $"records would stay searchable for longer than the archive keeps them ({settings.Finance.RetentionYears} years): lower it or raise {finance.PathOf("retentionYears")}");
        }
    }

    // OpenSearch refuses a new index above the number of shards: every record of the next day would be refused.
    private static void CheckRoom(SettingsReader search, LoggingSettings settings)
    {
        if (settings.Search.VolumeGiB < settings.NeededVolumeGiB)
        {
            search.Problems.Add(
                search.PathOf("volumeGiB"),
                settings.Search.VolumeGiB,
                $"all kinds of records (perDay x days x {settings.Search.Copies} copies) need {settings.NeededVolumeGiB} GiB on each of {settings.Search.DataNodes} data nodes: "
                + "raise it, or lower days or perDay");
        }

        var most = SearchSettings.MaxShardsOfNode * settings.Search.DataNodes;
        if (settings.Shards > most)
        {
            search.Problems.Add(
                search.PathOf("dataNodes"),
                settings.Search.DataNodes,
                $"one index per day for that many days makes {settings.Shards} shards, and these nodes hold at most {most}: lower days or add data nodes");
        }
    }
}
