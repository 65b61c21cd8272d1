using System.Collections.Immutable;

namespace HaCluster.Stack.Guardrails;

/// <summary>A rule that the API server checks, in CEL (https://kubernetes.io/docs/reference/using-api/cel/).</summary>
/// <param name="Name">Name of the policy.</param>
/// <param name="Message">Message to the user; the offending objects follow it.</param>
/// <param name="Offenders">Expression that lists what breaks the rule; the request is refused when there is any.</param>
public sealed record AdmissionRule(string Name, string Message, string Offenders)
{
    /// <summary>Name of the policy variable that holds the offenders.</summary>
    public const string Variable = "offenders";

    /// <summary>Variables that the expression uses, each of which may use those before it.</summary>
    public ImmutableArray<(string Name, string Expression)> Variables { get; init; } = [];

    /// <summary>Requests that are refused.</summary>
    public ImmutableArray<RequestMatch> Refuses { get; init; } = [];

    /// <summary>
    /// Requests that are only warned of: pods are created by controllers, so a user who applies a Deployment would not see why its pods are refused.
    /// </summary>
    public ImmutableArray<RequestMatch> WarnsOf { get; init; } = [];

    /// <summary>Namespaces that the rule is for; null for the whole cluster.</summary>
    public NamespaceMatch? Namespaces { get; init; } = NamespaceMatch.NotIn(AdmissionPolicies.Exempt);
}

/// <summary>Requests by resource.</summary>
/// <param name="Group">API group; empty for the core.</param>
/// <param name="Resources">In the plural, with a subresource after a slash.</param>
/// <param name="Operations"><c>CREATE</c>, <c>UPDATE</c>.</param>
public sealed record RequestMatch(string Group, ImmutableArray<string> Resources, ImmutableArray<string> Operations)
{
    public static readonly RequestMatch NewPods = new("", ["pods"], ["CREATE"]);
    public static readonly RequestMatch ChangedPods = new("", ["pods"], ["UPDATE"]);
    public static readonly RequestMatch DebugContainers = new("", ["pods/ephemeralcontainers"], ["UPDATE"]);
    public static readonly RequestMatch ResizedPods = new("", ["pods/resize"], ["UPDATE"]);

    /// <summary>Whatever makes pods of a template.</summary>
    public static readonly ImmutableArray<RequestMatch> Templates =
    [
        new("apps", ["daemonsets", "deployments", "replicasets", "statefulsets"], ["CREATE", "UPDATE"]),
        new("batch", ["cronjobs", "jobs"], ["CREATE", "UPDATE"]),
    ];
}

/// <summary>Namespaces by name: the API server sets this label itself, and nobody can change it.</summary>
/// <param name="Operator"><c>In</c> or <c>NotIn</c>.</param>
public sealed record NamespaceMatch(string Operator, ImmutableArray<string> Names)
{
    public const string Label = "kubernetes.io/metadata.name";

    public static NamespaceMatch In(params ReadOnlySpan<string> names) => new("In", [.. names]);

    public static NamespaceMatch NotIn(params ReadOnlySpan<string> names) => new("NotIn", [.. names]);
}
