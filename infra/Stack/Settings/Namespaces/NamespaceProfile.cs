namespace HaCluster.Stack.Settings.Namespaces;

/// <summary>One namespace: its purpose, its quota and the destinations that it may reach.</summary>
public sealed record NamespaceProfile
{
    public required string Name { get; init; }

    /// <summary>What runs there, in a few words.</summary>
    public required string Purpose { get; init; }

    public required Quota Quota { get; init; }

    public required PodSecurity PodSecurity { get; init; }

    public required Reach Reach { get; init; }

    /// <summary>The highest priority that its pods may have.</summary>
    public PodPriority Priority { get; init; } = PodPriority.Standard;

    /// <summary>Whether the API server calls services here: admission webhooks of operators and controllers.</summary>
    public bool HasWebhooks { get; init; }

    /// <summary>
    /// Whether its pods are closed even to each other, to the gateway and to monitoring. Network policies only add up, so that what one allows to
    /// the whole namespace no other can take back; here every component declares its own flows.
    /// </summary>
    public bool IsClosed { get; init; }
}

/// <summary>The priority classes that the pods of a namespace may have.</summary>
public enum PodPriority
{
    /// <summary><c>standard</c> and <c>batch</c>.</summary>
    Standard,

    /// <summary>Those and <c>high</c>.</summary>
    High,

    /// <summary>All of them.</summary>
    Critical,
}

/// <summary>Largest limits of one container: cores, bytes, bytes.</summary>
public sealed record ContainerCeiling(Quantity Cpu, Quantity Memory, Quantity EphemeralStorage)
{
    public static ContainerCeiling Of(string cpu, string memory, string ephemeralStorage) =>
        new(Quantity.Parse(cpu), Quantity.Parse(memory), Quantity.Parse(ephemeralStorage));
}

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
