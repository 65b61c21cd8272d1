using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Capacity;
using HaCluster.Planning.Facts;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Pods;

/// <summary>
/// Checks pods against limit ranges, after admission has set the defaults
/// (https://github.com/kubernetes/kubernetes/blob/v1.36.2/plugin/pkg/admission/limitranger/admission.go, <c>PodValidateLimitFunc</c>).
/// </summary>
internal static class LimitBounds
{
    private static readonly string[] Entries = ["min", "max", "maxLimitRequestRatio"];

    public static IEnumerable<LimitBound> Read(PropertyValue limit) => limit.At("type").Text() is not ("Container" or "Pod") ? [] : Entries
        .SelectMany(entry => limit.At(entry).Entries()).Select(entry => entry.Key).Distinct(StringComparer.Ordinal)
        .Select(resource => new LimitBound(
            limit.At("type").Text() == "Pod", resource, ContainerDefaults.Amount(limit.At("min", resource)), ContainerDefaults.Amount(limit.At("max", resource)),
            ContainerDefaults.Amount(limit.At("maxLimitRequestRatio", resource))));

    /// <summary>Why the API server refuses the pod; null when it takes it.</summary>
    /// <param name="sums">Total requests or limits of all containers; null when none sets the resource.</param>
    public static string? Refusal(IEnumerable<LimitBound> bounds, ImmutableArray<Container> containers, Func<string, string, decimal?> sums) =>
        containers.Select(AboveItsLimit).FirstOrDefault(why => why is not null)
        ?? bounds.SelectMany(bound => bound.IsOfPod
                ? [Broken(bound, "the pod", sums("requests", bound.Resource), sums("limits", bound.Resource))]
                : containers.Select(container => Broken(
                    bound, $"container {container.Name}", AmountOf(container.Requests, bound.Resource), AmountOf(container.Limits, bound.Resource))))
            .FirstOrDefault(why => why is not null);

    private static string? AboveItsLimit(Container container) => container.Requests
        .Where(request => container.Limits.TryGetValue(request.Key, out var limit) && request.Value > limit)
        .Select(request => $"container {container.Name} requests {Show(request.Key, request.Value)} of {request.Key}, above its limit of {Show(request.Key, container.Limits[request.Key])}")
        .FirstOrDefault();

    private static string? Broken(LimitBound bound, string who, decimal? request, decimal? limit)
    {
        var name = bound.Resource;
        return bound switch
        {
            { Min: { } min } when request is null => Says($"has no {name} request, and {Show(name, min)} is the minimum"),
            { Min: { } min } when request < min => Says($"requests {Show(name, request.Value)} of {name}, and {Show(name, min)} is the minimum"),
            { Min: { } min } when limit < min => Says($"has a {name} limit of {Show(name, limit.Value)}, and {Show(name, min)} is the minimum"),
            { Max: { } max } when limit is null => Says($"has no {name} limit, and {Show(name, max)} is the maximum"),
            { Max: { } max } when limit > max => Says($"has a {name} limit of {Show(name, limit.Value)}, and {Show(name, max)} is the maximum"),
            { Max: { } max } when request > max => Says($"requests {Show(name, request.Value)} of {name}, and {Show(name, max)} is the maximum"),
            { MaxRatio: { } } when request is null or 0 || limit is null => Says($"has no {name} request and limit, whose ratio is bounded"),
            { MaxRatio: { } ratio } when limit / request > ratio => Says($"has a {name} limit of {Quantity.Number(limit.Value / request.Value)} times its request, and {Quantity.Number(ratio)} is the maximum"),
            _ => null,
        };

        string Says(string what) => $"{who} {what} in a LimitRange of its namespace";
    }

    private static decimal? AmountOf(ImmutableSortedDictionary<string, decimal> amounts, string resource) => amounts.TryGetValue(resource, out var amount) ? amount : null;

    private static string Show(string resource, decimal amount) => QuotaUse.IsBytes(resource) ? Quantity.Bytes(amount) : Quantity.Number(amount);
}
