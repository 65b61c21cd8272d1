namespace HaCluster.Stack.Settings.Namespaces;

/// <summary>A level of the Pod Security Standards (https://kubernetes.io/docs/concepts/security/pod-security-standards/).</summary>
public enum PodSecurity
{
    /// <summary>No restriction: for agents that read the node they run on.</summary>
    Privileged,

    /// <summary>Nothing known to be an escalation.</summary>
    Baseline,

    /// <summary>Current hardening practice.</summary>
    Restricted,
}
