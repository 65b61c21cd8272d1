using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Running;
using k8s.Models;

namespace HaCluster.Operations.Workloads;

/// <summary>How many more pods of a workload the quotas of its namespace let in.</summary>
internal static class QuotaRoom
{
    public static async Task<IReadOnlyList<Refusal>> RefusalsAsync(StepContext context, WorkloadReading workload, int replicas, CancellationToken cancellationToken)
    {
        var quotas = (await context.Kubernetes.ListAsync(Kinds.ResourceQuotas, ListScope.In(workload.Namespace), cancellationToken)).Items;
        var defaults = (await context.Kubernetes.ListAsync(Kinds.LimitRanges, ListScope.In(workload.Namespace), cancellationToken)).Items
            .SelectMany(range => range.Spec.Limits).Where(limit => limit.Type == "Container").ToList();
        var pod = PodUse(workload.Template.Spec, defaults);
        var more = replicas - workload.Replicas;
        var limits =
            (from quota in quotas
             where Covers(quota, workload.Template.Spec)
             from hard in quota.Status?.Hard ?? quota.Spec.Hard ?? new Dictionary<string, ResourceQuantity>()
             let each = pod.GetValueOrDefault(Canonical(hard.Key))
             where each > 0
             let used = quota.Status?.Used?.TryGetValue(hard.Key, out var found) == true ? found.ToDecimal() : 0
             let room = Math.Max(0, (int)Math.Floor((hard.Value.ToDecimal() - used) / each))
             where room < more
             orderby room, hard.Key
             select (Quota: quota.Metadata.Name, Resource: hard.Key, Room: room, Use: $"{Shown(used, hard.Key)} of {hard.Value}, each pod needs {Shown(each, hard.Key)}")).ToList();
        if (limits.Count == 0)
            return [];
        // One refusal: what would fit is decided by the tightest of them.
        var (name, resource, fits, use) = limits[0];
        var others = string.Join(", ", limits.Skip(1).Select(limit => $"{limit.Resource} ({limit.Room})"));
        return
        [
            new Refusal
            {
                Code = "QuotaExceeded",
                Kind = FailureKind.Rejected,
                Reason = $"{replicas} replicas of {workload} need {more} more pods, and quota {name} has room for {fits}: {resource} is {use}{(others.Length > 0 ? $"; too small as well, with room for: {others}" : "")}",
                Advice = $"{workload.Replicas + fits} replicas would fit. Raise the quota first (Set-HaQuota -Namespace {workload.Namespace}) or scale another workload down",
            },
        ];
    }

    /// <summary>What one pod takes of a quota, with what the namespace's LimitRange fills in.</summary>
    private static Dictionary<string, decimal> PodUse(V1PodSpec spec, IReadOnlyList<V1LimitRangeItem> defaults)
    {
        var use = new Dictionary<string, decimal> { ["pods"] = 1, ["count/pods"] = 1 };
        foreach (var resource in new[] { "cpu", "memory", "ephemeral-storage" })
        {
            use[$"limits.{resource}"] = Sum(spec, container => Limit(container, resource, defaults));
            use[$"requests.{resource}"] = Sum(spec, container => Request(container, resource, defaults));
        }
        return use;
    }

    /// <summary>All containers together, or the largest init container where that is more; sidecars run beside the others.</summary>
    private static decimal Sum(V1PodSpec spec, Func<V1Container, decimal> of)
    {
        var sidecars = (spec.InitContainers ?? []).Where(container => container.RestartPolicy == "Always").Sum(of);
        return Math.Max(spec.Containers.Sum(of) + sidecars, (spec.InitContainers ?? []).Where(container => container.RestartPolicy != "Always").Select(of).DefaultIfEmpty().Max() + sidecars);
    }

    private static decimal Limit(V1Container container, string resource, IReadOnlyList<V1LimitRangeItem> defaults) =>
        Value(container.Resources?.Limits, resource) ?? defaults.Select(item => Value(item.DefaultProperty, resource)).FirstOrDefault(value => value is not null) ?? 0;

    private static decimal Request(V1Container container, string resource, IReadOnlyList<V1LimitRangeItem> defaults) =>
        Value(container.Resources?.Requests, resource)
        // A limit without a request is the request too.
        ?? Value(container.Resources?.Limits, resource)
        ?? defaults.Select(item => Value(item.DefaultRequest, resource) ?? Value(item.DefaultProperty, resource)).FirstOrDefault(value => value is not null)
        ?? 0;

    private static decimal? Value(IDictionary<string, ResourceQuantity>? list, string resource) => list?.TryGetValue(resource, out var value) == true ? value.ToDecimal() : null;

    private static string Canonical(string resource) => resource is "cpu" or "memory" or "ephemeral-storage" ? $"requests.{resource}" : resource;

    /// <summary>https://kubernetes.io/docs/concepts/policy/resource-quotas/#quota-scopes</summary>
    private static bool Covers(V1ResourceQuota quota, V1PodSpec pod) =>
        (quota.Spec.Scopes ?? []).All(scope => Matches(scope, "Exists", [], pod))
        && (quota.Spec.ScopeSelector?.MatchExpressions ?? []).All(term => Matches(term.ScopeName, term.OperatorProperty, term.Values ?? [], pod));

    private static bool Matches(string scope, string @operator, IEnumerable<string> values, V1PodSpec pod) => scope switch
    {
        "PriorityClass" => @operator switch
        {
            "In" => values.Contains(pod.PriorityClassName),
            "NotIn" => !values.Contains(pod.PriorityClassName),
            "Exists" => !string.IsNullOrEmpty(pod.PriorityClassName),
            _ => string.IsNullOrEmpty(pod.PriorityClassName),
        },
        "Terminating" => pod.ActiveDeadlineSeconds is not null,
        "NotTerminating" => pod.ActiveDeadlineSeconds is null,
        "BestEffort" => IsBestEffort(pod),
        "NotBestEffort" => !IsBestEffort(pod),
        // Of a scope that is not known here: better to refuse once too often than to leave pods Pending.
        _ => true,
    };

    private static bool IsBestEffort(V1PodSpec pod) => pod.Containers.All(container => container.Resources is null or { Limits: null or { Count: 0 }, Requests: null or { Count: 0 } });

    private static string Shown(decimal value, string resource) => new ResourceQuantity(
        value, 0, resource.EndsWith("memory", StringComparison.Ordinal) || resource.EndsWith("storage", StringComparison.Ordinal) ? ResourceQuantity.SuffixFormat.BinarySI : ResourceQuantity.SuffixFormat.DecimalSI).ToString();
}
