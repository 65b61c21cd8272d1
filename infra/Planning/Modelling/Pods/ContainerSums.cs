using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Pods;

/// <summary>
/// Adds up the containers of a pod as the scheduler does (https://github.com/kubernetes/component-helpers/blob/v0.35.0/resource/helpers.go):
/// containers and sidecars together, or the maximum during start if that is larger, plus the pod's overhead. For a pod that is being resized
/// in place, the largest of the desired, allocated and actual resources counts.
/// </summary>
/// <param name="status">Of a pod that exists; null for a template.</param>
/// <param name="overhead">That of the pod's runtime class, which admission writes into the pod; null for that of the pod.</param>
internal sealed class ContainerSums(
    PropertyValue? podSpec, ContainerDefaults defaults, PropertyValue? status = null, ImmutableSortedDictionary<string, decimal>? overhead = null)
{
    public const string Cpu = "cpu";
    public const string Memory = "memory";
    public const string Ephemeral = "ephemeral-storage";

    private const string HugePages = "hugepages-";

    private const decimal Milli = 1000m;

    private bool IsResizeInfeasible => status.At("conditions").Items()
        .Any(condition => condition.At("type").Text() == "PodResizePending" && condition.At("reason").Text() == "Infeasible");

    /// <summary>Null when neither a container nor the pod sets it.</summary>
    public decimal? Stated(string side, string resource) =>
        PodLevelOf(side, resource) is null && Containers.All(container => defaults.Find(container, side, resource) is null) ? null : Sum(side, resource);

    /// <summary>A container does not set it, and the pod does not either.</summary>
    public bool LeavesOut(string side, string resource) =>
        PodLevelOf(side, resource) is null && Containers.Any(container => defaults.Find(container, side, resource) is null);

    /// <param name="side"><c>requests</c> or <c>limits</c>.</param>
    public Resources Of(string side) => new(
        Whole(Sum(side, Cpu) * Milli), Whole(Sum(side, Memory)), Whole(Sum(side, Ephemeral)));

    /// <summary>Requests with the scoring defaults for each container without them; an explicit zero stays zero.</summary>
    public Resources Assumed() => Of("requests") with
    {
        MilliCpu = Whole(Sum("requests", Cpu, Missing(Cpu, Resources.AssumedMilliCpu / Milli)) * Milli),
        MemoryBytes = Whole(Sum("requests", Memory, Missing(Memory, Resources.AssumedMemoryBytes))),
    };

    /// <summary>
    /// With pod-level resources, no default is assumed for a container while any other container sets a request
    /// (https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/types.go, <c>getNonMissingContainerRequests</c>).
    /// </summary>
    private decimal Missing(string resource, decimal assumed) => HasPodLevelResources() && !IsNeverRequested(resource) ? 0 : assumed;

    private bool HasPodLevelResources() => podSpec.At("resources", "requests").Entries().Concat(podSpec.At("resources", "limits").Entries())
        .Any(entry => IsOfPod(entry.Key) && PodLevel("requests", entry.Key) is not null);

    private bool IsNeverRequested(string resource) => Containers.All(container => defaults.Find(container, "requests", resource) is null);

    public long Extended(string name) => Whole(Sum("requests", name));

    /// <summary>Names of the requested resources other than cpu, memory and ephemeral storage.</summary>
    public IEnumerable<string> ExtendedNames() => Containers.Concat(podSpec is null ? [] : [podSpec])
        .SelectMany(container => container.At("resources", "requests").Entries().Concat(container.At("resources", "limits").Entries()))
        .Select(entry => entry.Key)
        .Where(name => name is not (Cpu or Memory or Ephemeral))
        .Distinct(StringComparer.Ordinal);

    /// <summary>Whether every container, including init containers, has a limit.</summary>
    public bool AllLimit(string resource) =>
        IsOfPod(resource) && podSpec.At("resources", "limits", resource) is not null
        || Containers.All(container => defaults.Find(container, "limits", resource) is not null);

    private IEnumerable<PropertyValue> Containers => podSpec.At("containers").Items().Concat(podSpec.At("initContainers").Items());

    /// <param name="missing">The amount for a container without one.</param>
    private decimal Sum(string side, string resource, decimal missing = 0)
    {
        var onTop = OverheadOf(resource);
        if (PodLevelOf(side, resource) is { } whole)
            return whole + onTop;
        decimal sidecars = 0, start = 0;
        foreach (var container in podSpec.At("initContainers").Items())
        {
            var amount = Find(container, side, resource) ?? missing;
            if (container.At("restartPolicy").Text() == "Always")
            {
                sidecars += amount;
                start = Math.Max(start, sidecars);
            }
            else
            {
                start = Math.Max(start, sidecars + amount);
            }
        }

        var running = sidecars + podSpec.At("containers").Items().Sum(container => Find(container, side, resource) ?? missing);
        return Math.Max(running, start) + onTop;
    }

    private decimal OverheadOf(string resource) => overhead?.GetValueOrDefault(resource) ?? ContainerDefaults.Amount(podSpec.At("overhead", resource)) ?? 0;

    /// <summary>
    /// A resize that the node cannot grant is not counted
    /// (https://github.com/kubernetes/kubernetes/blob/v1.35.0/staging/src/k8s.io/component-helpers/resource/helpers.go, <c>determineContainerReqs</c>).
    /// </summary>
    private decimal? Find(PropertyValue container, string side, string resource)
    {
        var own = defaults.Find(container, side, resource);
        return side == "requests" && status is not null ? Largest(own, StatusOf(container), resource) : own;
    }

    private PropertyValue? StatusOf(PropertyValue container) => status.At("containerStatuses").Items().Concat(status.At("initContainerStatuses").Items())
        .FirstOrDefault(one => one.At("name").Text() == container.At("name").Text());

    /// <param name="of">A status with allocated and actual resources.</param>
    private decimal? Largest(decimal? own, PropertyValue? of, string resource, decimal without = 0)
    {
        decimal?[] granted = [ContainerDefaults.Amount(of.At("allocatedResources", resource)) - without, ContainerDefaults.Amount(of.At("resources", "requests", resource)) - without];
        return granted.Max() is not { } most ? own : IsResizeInfeasible || own is null || most > own ? most : own;
    }

    // https://kubernetes.io/docs/tasks/configure-pod-container/assign-pod-level-resources/ lists the resources that can be set for a whole pod.
    private static bool IsOfPod(string resource) => resource is Cpu or Memory || resource.StartsWith(HugePages, StringComparison.Ordinal);

    private decimal? PodLevelOf(string side, string resource) => IsOfPod(resource) ? PodLevel(side, resource) : null;

    /// <summary>
    /// A limit of the pod is the default of its request only if no container has a request
    /// (https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/apis/core/v1/defaults.go, <c>setDefaultPodRequests</c>).
    /// </summary>
    private decimal? PodLevel(string side, string resource)
    {
        var own = ContainerDefaults.Amount(podSpec.At("resources", side, resource))
            ?? (side == "requests" && IsNeverRequested(resource) ? ContainerDefaults.Amount(podSpec.At("resources", "limits", resource)) : null);
        // The pod status reported by the kubelet includes the overhead.
        return own is null || side != "requests" ? own : Largest(own, status, resource, OverheadOf(resource));
    }

    private static long Whole(decimal amount) => amount >= long.MaxValue ? long.MaxValue : (long)Math.Ceiling(amount);
}
