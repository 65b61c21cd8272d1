namespace HaCluster.Stack.Settings.Logging;

/// <summary>Who can lift a lock (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html#object-lock-retention-modes).</summary>
public enum ObjectLockMode
{
    /// <summary>Whoever is granted <c>s3:BypassGovernanceRetention</c>.</summary>
    Governance,

    /// <summary>Nobody, the owner of the account and AWS included; only time does.</summary>
    Compliance,
}
