namespace HaCluster.Stack.Guardrails;

/// <summary>The rules for pods (https://kubernetes.io/docs/reference/using-api/cel/).</summary>
public static class PodExpressions
{
    private const string Containers = "object.spec.containers";
    private const string InitContainers = "(has(object.spec.initContainers) ? object.spec.initContainers : [])";
    private const string EphemeralContainers = "(has(object.spec.ephemeralContainers) ? object.spec.ephemeralContainers : [])";

    // A limit of zero is no limit to the kubelet, and costs a quota nothing. The API server writes every form of zero as "0".
    private const string Declares =
        "has(c.resources) && has(c.resources.requests) && 'cpu' in c.resources.requests && c.resources.requests['cpu'] != '0' "
        + "&& has(c.resources.limits) && 'memory' in c.resources.limits && c.resources.limits['memory'] != '0' "
        + "&& 'ephemeral-storage' in c.resources.limits && c.resources.limits['ephemeral-storage'] != '0'";

    private const string IsPrivileged =
        "has(c.securityContext) && has(c.securityContext.privileged) && c.securityContext.privileged";

    // A digest, or a tag after the last slash that is not latest.
    private const string IsPinned =
        "has(c.image) && (c.image.matches('@sha256:[0-9a-f]{64}$') || (c.image.matches(':[A-Za-z0-9_][A-Za-z0-9_.-]*$') && !c.image.endsWith(':latest')))";

    /// <summary>Containers that do not say what they need; where a LimitRange gives defaults none is left by the time this is checked.</summary>
    public static readonly PodExpression Undeclared = new(
        Names($"!({Declares})", Containers, InitContainers),
        "set a cpu request, a memory limit and an ephemeral-storage limit above zero on");

    /// <summary>Containers that own their node.</summary>
    public static readonly PodExpression Privileged = new(
        Names(IsPrivileged, Containers, InitContainers, EphemeralContainers),
        "privileged containers are refused");

    /// <summary>Containers whose image can change under them, so that a restart after a failure may start something else.</summary>
    public static readonly PodExpression Unpinned = new(
        Names($"!({IsPinned})", Containers, InitContainers, EphemeralContainers),
        "pin the image to a version or a digest, not latest, on");

    /// <summary>Pods of the two classes that every cluster has: the kubelet never evicts these, however much they write or take.</summary>
    /// <remarks><c>IsCriticalPod</c> in https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/eviction/eviction_manager.go.</remarks>
    public static readonly PodExpression SystemCritical = new(
        "has(object.spec.priorityClassName) && object.spec.priorityClassName.startsWith('system-') ? [object.spec.priorityClassName] : []",
        "choose a priority class of this cluster (critical, high, standard, batch); what runs in kube-system only may have");

    // Each list is filtered before they are joined: ephemeral containers are of another type than the rest.
    private static string Names(string condition, params string[] lists) =>
        string.Join(" + ", lists.Select(list => $"{list}.filter(c, {condition}).map(c, c.name)"));
}
