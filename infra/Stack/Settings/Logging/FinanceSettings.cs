using System.Collections.Immutable;

namespace HaCluster.Stack.Settings.Logging;

/// <summary>The authoritative record of payments: how long it is kept, and the service that writes it (<c>ha-cluster:logging.finance</c>).</summary>
public sealed record FinanceSettings
{
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_DefaultRetention.html
    private const int LongestLockYears = 100;

    private static readonly Dictionary<string, ObjectLockMode> Locks = new(StringComparer.Ordinal)
    {
        ["compliance"] = ObjectLockMode.Compliance,
        ["governance"] = ObjectLockMode.Governance,
    };

    /// <summary>Years that the archive keeps each object locked. It can be raised for new objects, and never lowered for old ones.</summary>
    public required int RetentionYears { get; init; }

    public required ObjectLockMode Lock { get; init; }

    /// <summary>Service account of the finance-log service in the namespace <c>logging</c>, and the value of its <c>app.kubernetes.io/name</c> label.</summary>
    public required string ServiceAccount { get; init; }

    /// <summary>Port on which the service receives.</summary>
    public required int Port { get; init; }

    /// <summary>Secret in AWS Secrets Manager with the file of producers and the files that it names; null: none.</summary>
    public required string? ProducersSecret { get; init; }

    /// <summary>Of the service, spread over the zones.</summary>
    public required int Replicas { get; init; }

    /// <summary>Null for the one in the account's own registry.</summary>
    public required string? Image { get; init; }

    /// <summary>Whether it also receives syslog over TLS.</summary>
    public required bool HasSyslog { get; init; }

    /// <summary>Whether its role may set and release legal holds.</summary>
    public required bool HasLegalHold { get; init; }

    /// <summary>ARNs of the roles that may schedule the deletion of the signing key. Empty: nobody may.</summary>
    public required ImmutableArray<string> KeyAdmins { get; init; }

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
        ServiceAccount = reader.Text(
            "serviceAccount",
            "Service account of the finance-log service in namespace logging, and its label app.kubernetes.io/name.",
            "finance-log", Shapes.KubernetesName),
        Port = reader.Int32(
            "port",
            "Port on which the finance-log service listens.",
            8443, 1024, 65_535, "the service runs without privileges: choose a port from 1024 to 65535"),
        ProducersSecret = ReadProducers(reader),
        Replicas = reader.Int32(
            "replicas",
            "Replicas of the finance-log service, spread over the zones. They share the throughput of one: more are for availability.",
            3, 2, 9, "with a single replica, every update and every lost node stops the acknowledgement of records: choose a number from 2 to 9"),
        Image = reader.Text("image", "Image of the finance-log service. Empty: the image in the account's own registry.", "", Shapes.PinnedImage) is { Length: > 0 } own ? own : null,
        HasSyslog = reader.Boolean(
            "syslog",
            "Whether the service also takes syslog over TLS, on port 6514, from producers with a client certificate. Syslog has no acknowledgement: messages that are sent but not stored when a connection breaks are lost.",
            false),
        HasLegalHold = reader.Boolean(
            "legalHold",
            "Whether the role of the service may set and release legal holds. false: only people with a role of their own can.",
            false),
        KeyAdmins = reader.TextList(
            "keyAdmins",
            "IAM roles that may schedule the deletion of the key that signs checkpoints. If empty, no role can, until the key policy is changed.",
            [], Shapes.RoleArn, "arn:aws:iam::123456789012:role/key-administrator"),
    };

    // Tokens in the settings would be written into the state; the file has only their hashes, and still names who may write where.
    private static string? ReadProducers(SettingsReader reader)
    {
        var name = reader.Text(
            "producers",
            "Name of a secret in AWS Secrets Manager with the producers of finance records: a JSON object with the property producers.json, as `ledger token` prints it, and one for each schema that it names. Empty: the finance-log service runs for the events of payments only (payments.financeLog), or not at all.",
            "", example: "my-cluster/finance-producers");
        if (name.Length == 0)
            return null;
        if (name.StartsWith("hal_", StringComparison.Ordinal))
        {
            // The value is not repeated.
            reader.Problems.Add(
                reader.PathOf("producers"),
                "is a token, and settings are not secret: make a new one with `ledger token`, store what it prints for the file in AWS Secrets Manager and write the name of that secret here");
            return null;
        }

        if (Shapes.SecretName.Fault(name) is not { } fault)
            return name;
        reader.Problems.Add(reader.PathOf("producers"), SettingsReader.Shown(name), fault);
        return null;
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
