namespace HaCluster.Stack.Settings.Logging;

/// <summary>Whether and how audit records are loaded into OpenSearch (<c>ha-cluster:logging.audit</c>).</summary>
public sealed record AuditSearchSettings
{
    // https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ingestion-scaling.html: a pipeline without state.
    private const int UnitsLimit = 96;

    // In two zones, which the 99.9 % SLA of AWS requires; each processes 2 MiB per second, 168 GiB per day.
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
            yield return "ha-cluster:logging.audit.searchable is false; audit records of the Kubernetes API are in CloudWatch and S3 only, not in OpenSearch";
        else if (MinUnits < Safe)
            yield return "ha-cluster:logging.audit.minUnits is 1; a single unit is in one zone: if that zone is lost, audit records wait in S3 until AWS has replaced the unit";
    }

    public static AuditSearchSettings Read(SettingsReader reader)
    {
        var min = reader.Int32(
            "minUnits",
            "Units of OpenSearch Ingestion (2 vCPU, 15 GiB, 2 MiB of records per second) that always run and are always paid for. Two units are in two zones.",
            Safe, 1, UnitsLimit);
        var settings = new AuditSearchSettings
        {
            IsEnabled = reader.Boolean(
                "searchable",
                "Whether audit records are loaded into OpenSearch. If false, they are in S3 and CloudWatch Logs Insights only.",
                true),
            MinUnits = min,
            MaxUnits = reader.Int32("maxUnits", "Units of OpenSearch Ingestion under load.", Math.Min(2 * min, UnitsLimit), 1, UnitsLimit),
        };
        if (settings.MaxUnits < settings.MinUnits)
            reader.Problems.Add(reader.PathOf("maxUnits"), settings.MaxUnits, $"it is less than minUnits ({settings.MinUnits}): raise it");
        return settings;
    }
}
