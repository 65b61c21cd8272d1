using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Capacity;

/// <summary>
/// Whether the pods, volumes and load balancers that the program declares itself fit into the quotas it declares beside them.
/// </summary>
/// <remarks>What Helm charts bring is not counted: their objects are made by the chart, not by the program.</remarks>
public static class QuotaCheck
{
    /// <summary>One message for each limit that is too small, naming namespace, limit and need; empty when all fit.</summary>
    public static IReadOnlyList<string> Shortfalls(ResourceGraph graph)
    {
        var needs = NeedsByNamespace(graph);
        return
        [
            .. QuotaFacts.Of(graph)
                .Where(quota => needs.ContainsKey(quota.Namespace))
                .SelectMany(quota => needs[quota.Namespace].Amounts.Select(need => Shortfall(quota, need.Key, need.Value)))
                .OfType<string>(),
        ];
    }

    private static string? Shortfall(QuotaFacts quota, string name, decimal need)
    {
        // "cpu" is the older spelling of "requests.cpu", and so on.
        var text = quota.Hard.GetValueOrDefault(name)
            ?? (name.StartsWith("requests.", StringComparison.Ordinal) ? quota.Hard.GetValueOrDefault(name["requests.".Length..]) : null);
        return text is not null && Quantity.Parse(text) is { } hard && need > hard
            ? $"namespace {quota.Namespace}: the declared pods need {Show(name, need)} of {name}, the quota allows {Show(name, hard)}; raise the quota or declare less"
            : null;
    }

    private static string Show(string name, decimal amount) =>
        name.EndsWith("memory", StringComparison.Ordinal) || name.EndsWith("storage", StringComparison.Ordinal) ? Quantity.Bytes(amount) : Quantity.Number(amount);

    private static Dictionary<string, ResourceNeed> NeedsByNamespace(ResourceGraph graph)
    {
        var defaults = graph.Resources.Where(resource => resource.Type == "kubernetes:core/v1:LimitRange")
            .GroupBy(NamespaceOf)
            .ToDictionary(group => group.Key, group => new ContainerDefaults([.. group.SelectMany(range => range.Inputs.At("spec", "limits").Items())]));
        var none = ContainerDefaults.None;
        var needs = new Dictionary<string, ResourceNeed>();
        foreach (var resource in graph.Resources.Where(resource => resource.Type.StartsWith("kubernetes:", StringComparison.Ordinal)))
        {
            var space = NamespaceOf(resource);
            var need = needs.TryGetValue(space, out var known) ? known : needs[space] = new ResourceNeed();
            Count(resource, need, defaults.GetValueOrDefault(space, none));
        }

        return needs;
    }

    private static void Count(ResourceNode resource, ResourceNeed need, ContainerDefaults defaults)
    {
        var spec = resource.Inputs.At("spec");
        switch (resource.Type)
        {
            case "kubernetes:core/v1:Pod":
                need.AddPods(spec, 1, defaults);
                break;
            case "kubernetes:apps/v1:Deployment" or "kubernetes:apps/v1:ReplicaSet":
                need.AddPods(spec.At("template", "spec"), spec.At("replicas").Integer() ?? 1, defaults);
                break;
            case "kubernetes:apps/v1:StatefulSet":
                var replicas = spec.At("replicas").Integer() ?? 1;
                need.AddPods(spec.At("template", "spec"), replicas, defaults);
                foreach (var claim in spec.At("volumeClaimTemplates").Items())
                    need.AddClaim(claim.At("spec"), replicas);
                break;
            case "kubernetes:batch/v1:Job":
                need.AddPods(spec.At("template", "spec"), spec.At("parallelism").Integer() ?? 1, defaults);
                break;
            case "kubernetes:core/v1:PersistentVolumeClaim":
                need.AddClaim(spec, 1);
                break;
            case "kubernetes:core/v1:Service" when spec.At("type").Text() == "LoadBalancer":
                need.Add("services.loadbalancers", 1);
                break;
        }
    }

    private static string NamespaceOf(ResourceNode resource) => resource.Inputs.At("metadata", "namespace").Text() ?? "default";
}
