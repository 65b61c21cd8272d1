namespace HaCluster.Stack.Settings.Logging;

/// <summary>The authoritative record of payments: how long it is kept and who writes it (<c>ha-cluster:logging.finance</c>).</summary>
public sealed record FinanceSettings
{
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_DefaultRetention.html
    private const int LongestLockYears = 100;

    // Beginnings of the other indices: a pattern of one would catch the other.
    private static readonly string[] TakenPrefixes = ["application", "audit"];

    private static readonly Dictionary<string, ObjectLockMode> Locks = new(StringComparer.Ordinal)
    {
        ["compliance"] = ObjectLockMode.Compliance,
        ["governance"] = ObjectLockMode.Governance,
    };

    /// <summary>Years that the archive keeps each object locked. It can be raised for new objects, and never lowered for old ones.</summary>
    public required int RetentionYears { get; init; }

    public required ObjectLockMode Lock { get; init; }

    /// <summary>Beginning of the names of its indices.</summary>
    public required string IndexPrefix { get; init; }

    /// <summary>Service account of the finance-log service in the namespace <c>logging</c>, and the value of its <c>app.kubernetes.io/name</c> label.</summary>
    public required string ServiceAccount { get; init; }

    /// <summary>Port on which the service receives.</summary>
    public required int Port { get; init; }

    public bool IsCompliance => Lock == ObjectLockMode.Compliance;

    public static FinanceSettings Read(SettingsReader reader) => new()
    {
        RetentionYears = reader.Int32(
            "retentionYears", "Years that the archive keeps each record locked. Raising it applies to new records; it cannot be lowered for existing ones.", 10, 1, LongestLockYears, $"S3 locks objects for at most {LongestLockYears} years: choose a number from 1 to {LongestLockYears}"),

        // Nobody, not even AWS, can undo compliance: a mistyped number of years would have to be paid for until the end.
        Lock = reader.Choice(
            "lock",
            "governance: a role with s3:BypassGovernanceRetention can delete records early. compliance: nobody can, and this choice cannot be undone; choose it once the years are agreed.",
            ObjectLockMode.Governance, Locks),
        IndexPrefix = ReadPrefix(reader),
        ServiceAccount = reader.Text(
            "serviceAccount",
            "Service account of the finance-log service in namespace logging, and its label app.kubernetes.io/name.",
            "finance-log", Shapes.KubernetesName),
        Port = reader.Int32(
            "port",
            "Port on which the finance-log service listens.",
            8443, 1024, 65_535, "the service runs without privileges: choose a port from 1024 to 65535"),
    };

    // https://docs.opensearch.org/latest/api-reference/index-apis/create-index/
    private static string ReadPrefix(SettingsReader reader)
    {
        const string Default = "finance";
        var prefix = reader.Text("indexPrefix", "Prefix of the names of the indices with finance records.", Default, Shapes.IndexPrefix);
        var fault =
            TakenPrefixes.FirstOrDefault(taken => prefix == taken || prefix.StartsWith(taken + "-", StringComparison.Ordinal)) is { } other
                ? $"the retention rules for {other}-* would also match it and delete finance records: choose another"
            : null;
        if (fault is null)
            return prefix;

        reader.Problems.Add(reader.PathOf("indexPrefix"), $"\"{prefix}\"", fault);
        return Default;
    }
}

/// <summary>Who can lift a lock (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html#object-lock-retention-modes).</summary>
public enum ObjectLockMode
{
    /// <summary>Whoever is granted <c>s3:BypassGovernanceRetention</c>.</summary>
    Governance,

    /// <summary>Nobody, the owner of the account and AWS included; only time does.</summary>
    Compliance,
}
