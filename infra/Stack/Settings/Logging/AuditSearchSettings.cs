namespace HaCluster.Stack.Settings.Logging;

/// <summary>Whether and how audit records get into OpenSearch (<c>ha-cluster:logging.audit</c>).</summary>
public sealed record AuditSearchSettings
{
    // https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ingestion-scaling.html: a pipeline without state.
    private const int MostUnits = 96;

    // In two zones, which is what AWS promises 99.9 % for; each takes 2 MiB a second, 168 GiB a day.
    private const int Safe = 2;

    public required bool IsEnabled { get; init; }

    /// <summary>Units (2 vCPU, 15 GiB) that are always there, and always paid for.</summary>
    public required int MinUnits { get; init; }

    /// <summary>Units under load.</summary>
    public required int MaxUnits { get; init; }

    /// <summary>What is allowed but worth a second thought.</summary>
    public IEnumerable<string> Notices()
    {
        if (!IsEnabled)
            yield return "ha-cluster:logging.audit.searchable is false; audit records of the Kubernetes API are in CloudWatch and S3 and not in OpenSearch";
        else if (MinUnits < Safe)
            yield return "ha-cluster:logging.audit.minUnits is 1; a single unit is in one zone: when that is lost, audit records wait in S3 until AWS has replaced it";
    }

    public static AuditSearchSettings Read(SettingsReader reader)
    {
        var min = reader.Int32(
            "minUnits",
            "Units of OpenSearch Ingestion (2 vCPU, 15 GiB, 2 MiB of records per second) that are always there, and always paid for. Two are in two zones.",
            Safe, 1, MostUnits);
        var settings = new AuditSearchSettings
        {
            IsEnabled = reader.Boolean(
                "searchable",
                "Whether audit records get into OpenSearch; else they are in S3 and CloudWatch Logs Insights only.",
                true),
            MinUnits = min,
            MaxUnits = reader.Int32("maxUnits", "Units of OpenSearch Ingestion under load.", Math.Min(2 * min, MostUnits), 1, MostUnits),
        };
        if (settings.MaxUnits < settings.MinUnits)
            reader.Problems.Add(reader.PathOf("maxUnits"), settings.MaxUnits, $"it is below minUnits, which is {settings.MinUnits}: raise it");
        return settings;
    }
}
