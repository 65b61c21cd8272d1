using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Pods;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Objects;

/// <summary>Pods that the API server refuses, and pods that kube-scheduler does not schedule.</summary>
internal static class Admission
{
    /// <summary>
    /// Pods with a priority class that does not exist are never created
    /// (https://github.com/kubernetes/kubernetes/tree/v1.35.0/plugin/pkg/admission/priority). Null when they are.
    /// </summary>
    public static string? WhyRefused(ClusterObject subject, ObjectIndex index) =>
        PodTemplates.SpecOf(subject).At("priorityClassName").Text() is { Length: > 0 } priority && index.Priorities.Find(priority) is null
            ? $"no PriorityClass with name {priority} was found: the API server refuses its pods; declare it or correct priorityClassName"
            : null;

    /// <summary>Why kube-scheduler does not schedule the pods; null when it does.</summary>
    public static string? WhyNotScheduled(PodSpec pod) =>
        pod.NodeName is not null ? null
        : pod.OtherScheduler is { } name ? $"it is placed by {name}, not by default-scheduler"
        : !pod.Gates.IsEmpty ? $"it is not placed before its scheduling gates are gone: {string.Join(", ", pod.Gates)}"
        : !pod.ResourceClaims.IsEmpty ? ResourceClaims.WhyUnknown(pod.ResourceClaims)
        : null;
}

/// <summary>The names under which quotas count an object.</summary>
internal static class ObjectLimits
{
    public static IEnumerable<string> Of(ClusterObject subject)
    {
        var plural = Plural(subject.Object.Kind);
        yield return $"count/{plural}{(subject.Object.Group.Length > 0 ? $".{subject.Object.Group}" : "")}";
        if (subject.Kind is "Service" or "ConfigMap" or "Secret" or "ReplicationController" or "ResourceQuota")
            yield return plural;
        if (subject.Kind != "Service" || subject.Spec.At("type").Text() is not ("LoadBalancer" or "NodePort"))
            yield break;
        if (subject.Spec.At("type").Text() == "LoadBalancer")
            yield return "services.loadbalancers";
        // A load balancer also takes a node port, unless disabled.
        if (subject.Spec.At("allocateLoadBalancerNodePorts") is null || subject.Spec.At("allocateLoadBalancerNodePorts").IsTrue())
        {
            for (var ports = Math.Max(1, subject.Spec.At("ports").Items().Length); ports > 0; ports--)
                yield return "services.nodeports";
        }
    }

    /// <summary>The plural resource name: <c>ingresses</c>, <c>networkpolicies</c>, <c>deployments</c>.</summary>
    private static string Plural(string kind)
    {
        var name = kind.ToLowerInvariant();
        return name.EndsWith('s') ? $"{name}es"
            : name.EndsWith('y') && name.Length > 1 && !"aeiou".Contains(name[^2], StringComparison.Ordinal) ? $"{name[..^1]}ies"
            : $"{name}s";
    }
}
