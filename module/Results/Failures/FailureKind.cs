namespace HaCluster;

/// <summary>The kinds of failures. The name is the stable id of an error record: scripts may compare it; names are added, never changed.</summary>
public enum FailureKind
{
    /// <summary>No cluster is connected.</summary>
    NotConnected,

    /// <summary>The kubeconfig has no such context.</summary>
    ContextNotFound,

    /// <summary>The kubeconfig is missing, not valid, or names a program that is not installed.</summary>
    KubeconfigNotUsable,

    /// <summary>No AWS credentials, or no credentials for the cluster, were found.</summary>
    CredentialsMissing,

    /// <summary>A token or session has expired, or the server does not accept it.</summary>
    CredentialsExpired,

    /// <summary>The caller may not make this call; the message names the permission.</summary>
    PermissionDenied,

    /// <summary>The cluster carries no tags, labels or outputs of HaCluster.</summary>
    NotOurCluster,

    /// <summary>The name does not resolve, the connection is refused or breaks, or a proxy answers.</summary>
    Unreachable,

    /// <summary>No answer in time.</summary>
    TimedOut,

    /// <summary>The server asks to slow down, and did so for as long as was waited.</summary>
    Throttled,

    /// <summary>The server failed (5xx).</summary>
    ServerFailed,

    /// <summary>The object or resource does not exist.</summary>
    NotFound,

    /// <summary>Someone else changed the object, or owns the field.</summary>
    Conflict,

    /// <summary>It exists already.</summary>
    AlreadyExists,

    /// <summary>The server does not accept the request: a value is not valid, a policy or a quota refuses it.</summary>
    Rejected,

    /// <summary>The response is not what the API documents.</summary>
    NotUnderstood,

    /// <summary>The <c>pulumi</c> program is not on <c>PATH</c>.</summary>
    PulumiMissing,

    /// <summary><c>pulumi login</c> is needed.</summary>
    PulumiNotLoggedIn,

    /// <summary>The passphrase or key of the stack's secrets is missing or wrong.</summary>
    PulumiSecretsLocked,

    /// <summary>Another update holds the stack.</summary>
    StackLocked,

    /// <summary>There is no such stack.</summary>
    StackNotFound,

    /// <summary>Pulumi ran and failed; the message has its diagnostics.</summary>
    PulumiFailed,

    /// <summary>Prometheus, Alertmanager or a sentinel is not installed or not ready.</summary>
    MonitoringMissing,

    /// <summary>An input of the caller is not valid.</summary>
    InvalidInput,

    /// <summary>The rest of the cluster would not hold.</summary>
    NotSafe,

    /// <summary>Another operation is running, or another person holds the lease.</summary>
    OperationRunning,

    /// <summary>The journal of an operation cannot be read or written, or was written by a newer version.</summary>
    JournalNotUsable,

    /// <summary>A step of an operation did not reach its goal.</summary>
    StepFailed,
}
