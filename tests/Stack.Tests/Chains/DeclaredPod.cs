using System.Globalization;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Tests.Graph;

namespace HaCluster.Stack.Tests.Chains;

/// <summary>The pod of a workload, as the program declared it.</summary>
internal sealed record DeclaredPod(string Workload, int Copies, IReadOnlyDictionary<string, object> Spec, IReadOnlyDictionary<string, object> Labels)
{
    private static readonly (string Type, string Template)[] Kinds =
    [
        ("kubernetes:apps/v1:StatefulSet", "spec.template"),
        ("kubernetes:apps/v1:Deployment", "spec.template"),
        ("kubernetes:batch/v1:Job", "spec.template"),
        ("kubernetes:batch/v1:CronJob", "spec.jobTemplate.spec.template"),
    ];

    /// <summary>Whether it runs once and ends.</summary>
    public bool IsJob => Spec.ContainsKey("restartPolicy");

    public IReadOnlyList<IReadOnlyDictionary<string, object>> Containers => ListOf("containers");

    public IReadOnlyList<IReadOnlyDictionary<string, object>> InitContainers => ListOf("initContainers");

    public IReadOnlyDictionary<string, object> Container(string name) => Containers.Concat(InitContainers).Single(container => (string)container["name"] == name);

    public IReadOnlyList<string> Arguments(string container) => [.. ((System.Collections.IEnumerable)Container(container)["args"]).Cast<string>()];

    /// <summary>Every pod of a namespace.</summary>
    public static IEnumerable<DeclaredPod> In(string space, IEnumerable<RecordedResource> resources) =>
        from resource in resources
        from kind in Kinds
        where resource.Type == kind.Type && Equals(resource.At("metadata.namespace"), space)
        select new DeclaredPod(
            resource.Name,
            resource.At("spec.replicas") is { } replicas ? Convert.ToInt32(replicas, CultureInfo.InvariantCulture) : 1,
            resource.Map($"{kind.Template}.spec"),
            resource.Map($"{kind.Template}.metadata.labels"));

    /// <summary>What the quota counts of one copy: sidecars run beside the containers, other init containers before them.</summary>
    /// <param name="side"><c>requests</c> or <c>limits</c>.</param>
    public decimal Takes(string side, string resource)
    {
        var running = Containers.Concat(InitContainers.Where(IsSidecar)).Sum(container => Amount(container, side, resource));
        var before = InitContainers.Where(container => !IsSidecar(container)).Select(container => Amount(container, side, resource)).DefaultIfEmpty().Max();
        return Math.Max(running, before);
    }

    public static decimal Amount(IReadOnlyDictionary<string, object> container, string side, string resource)
    {
        var resources = (IReadOnlyDictionary<string, object>)container["resources"];
        return Quantity.Parse((string)((IReadOnlyDictionary<string, object>)resources[side])[resource]).Value;
    }

    private static bool IsSidecar(IReadOnlyDictionary<string, object> container) => container.TryGetValue("restartPolicy", out var policy) && Equals(policy, "Always");

    private IReadOnlyList<IReadOnlyDictionary<string, object>> ListOf(string key) =>
        Spec.TryGetValue(key, out var list) ? [.. ((System.Collections.IEnumerable)list).Cast<IReadOnlyDictionary<string, object>>()] : [];
}
