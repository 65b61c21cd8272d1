using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Volumes;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Pods;

/// <summary>
/// Reads a pod or pod template as it is after admission: with the namespace's defaults, the additions of its runtime class, and its resolved
/// priority. A pod that
/// exists was admitted at its creation and keeps those values; current declarations affect only new pods.
/// </summary>
internal static class PodSpecReader
{
    private const int DefaultGraceSeconds = 30;
    private const string DefaultScheduler = "default-scheduler";

    private static readonly string[] Required = ["requests.cpu", "requests.memory", "limits.cpu", "limits.memory"];

    /// <param name="template">With <c>metadata</c> and <c>spec</c>.</param>
    /// <param name="templates">Claim templates of a StatefulSet.</param>
    public static PodSpec Read(PropertyValue? template, NamespaceContext context, ImmutableArray<VolumeClaim> templates = default)
    {
        var spec = template.At("spec");
        var exists = Exists(template);
        var runtime = exists ? null : context.Runtimes.Of(spec);
        var labels = SelectorReader.Labels(template.At("metadata", "labels"));
        var defaults = exists ? ContainerDefaults.None : context.Defaults;
        var containers = ContainerReader.Read(spec, defaults);
        var sums = new ContainerSums(spec, defaults, template.At("status"), runtime?.Overhead);
        var className = spec.At("priorityClassName").Text();
        var priority = className is null ? context.Priorities.Default : context.Priorities.Find(className);
        return new PodSpec
        {
            Containers = containers,
            Requests = sums.Of("requests"),
            AssumedRequests = sums.Assumed(),
            Limits = sums.Of("limits"),
            LimitsMemory = sums.AllLimit(ContainerSums.Memory),
            LimitsEphemeral = sums.AllLimit(ContainerSums.Ephemeral),
            Extended = sums.ExtendedNames().ToImmutableSortedDictionary(name => name, sums.Extended, StringComparer.Ordinal),
            Labels = labels,
            ServiceSelector = context.Services.Where(selector => selector.All(labels.Contains)).Aggregate(Labels.None, (all, selector) => all.SetItems(selector)),
            NodeSelector = SelectorReader.Labels(spec.At("nodeSelector")).SetItems(runtime?.NodeSelector ?? Labels.None),
            Affinity = new AffinityReader(context.Namespaces).Read(spec.At("affinity")),
            Spread = SpreadReader.Read(spec.At("topologySpreadConstraints")),
            Tolerations = [.. TolerationReader.Read(spec.At("tolerations")).Union(runtime?.Tolerations ?? [])],
            HostPorts = HostPortReader.Read(spec),
            Volumes = [.. new VolumeReader(context.Storage).Read(spec, context.Claims), .. templates.IsDefault ? [] : templates],
            Priority = spec.At("priority").Integer() ?? priority?.Value ?? 0,
            PriorityClass = className ?? priority?.Name,
            Preempts = spec.At("preemptionPolicy").Text() is { } policy ? policy != "Never" : priority?.Preempts ?? true,
            // The claims of a pod with a node are already allocated.
            ResourceClaims = exists && spec.At("nodeName") is not null ? [] : ResourceClaims.Read(spec),
            IsAdmitted = exists,
            Unstated = [.. Required.Where(name => name.Split('.') is [var side, var resource] && sums.LeavesOut(side, resource))],
            Refused = exists ? null : context.Runtimes.Refusal(spec) ?? TolerationReader.Refusal(spec.At("tolerations")) ?? LimitBounds.Refusal(defaults.Bounds, containers, sums.Stated),
            GracePeriod = TimeSpan.FromSeconds(spec.At("terminationGracePeriodSeconds").Integer() ?? DefaultGraceSeconds),
            StartsWithin = StartEstimate.Of(spec),
            HasDeadline = spec.At("activeDeadlineSeconds") is not null,
            OtherScheduler = spec.At("schedulerName").Text() is { Length: > 0 } scheduler && scheduler != DefaultScheduler ? scheduler : null,
            Gates = [.. spec.At("schedulingGates").Items().Select(gate => gate.At("name").Text() ?? "")],
            NodeName = spec.At("nodeName").Text() is { Length: > 0 } node ? node : null,
        };
    }

    /// <summary>Whether the pod was read from an API server, which has admitted it; a manifest has no uid and no phase.</summary>
    private static bool Exists(PropertyValue? pod) =>
        pod.At("metadata", "uid").Text() is { Length: > 0 } || pod.At("metadata", "creationTimestamp").Text() is { Length: > 0 }
        || pod.At("status", "phase").Text() is { Length: > 0 };
}
