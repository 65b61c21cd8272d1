using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Pods;

/// <summary>Reads a pod template, or a pod, as it is after admission: with the namespace's defaults, and its priority found.</summary>
internal static class PodSpecReader
{
    private const int DefaultGraceSeconds = 30;
    private const string DefaultScheduler = "default-scheduler";

    /// <param name="template">With <c>metadata</c> and <c>spec</c>.</param>
    /// <param name="templates">Claims that a StatefulSet makes for each of its pods.</param>
    public static PodSpec Read(PropertyValue? template, NamespaceContext context, ImmutableArray<VolumeClaim> templates = default)
    {
        var spec = template.At("spec");
        var labels = SelectorReader.Labels(template.At("metadata", "labels"));
        var sums = new ContainerSums(spec, context.Defaults);
        var className = spec.At("priorityClassName").Text();
        var priority = className is null ? context.Priorities.Default : context.Priorities.Find(className);
        return new PodSpec
        {
            Containers = ContainerReader.Read(spec, context.Defaults),
            Requests = sums.Of("requests"),
            AssumedRequests = sums.Assumed(),
            Limits = sums.Of("limits"),
            LimitsMemory = sums.AllLimit(ContainerSums.Memory),
            LimitsEphemeral = sums.AllLimit(ContainerSums.Ephemeral),
            Extended = sums.ExtendedNames().ToImmutableSortedDictionary(name => name, sums.Extended, StringComparer.Ordinal),
            Labels = labels,
            NodeSelector = SelectorReader.Labels(spec.At("nodeSelector")),
            Affinity = new AffinityReader(labels, context.Namespaces).Read(spec.At("affinity")),
            Spread = SpreadReader.Read(spec.At("topologySpreadConstraints")),
            Tolerations = TolerationReader.Read(spec.At("tolerations")),
            HostPorts = HostPortReader.Read(spec),
            Volumes = [.. VolumeReader.Read(spec, context.Claims), .. templates.IsDefault ? [] : templates],
            VolumeNodes = BoundVolumes.Read(spec, context),
            Priority = spec.At("priority").Integer() ?? priority?.Value ?? 0,
            PriorityClass = className ?? priority?.Name,
            Preempts = spec.At("preemptionPolicy").Text() is { } policy ? policy != "Never" : priority?.Preempts ?? true,
            GracePeriod = TimeSpan.FromSeconds(spec.At("terminationGracePeriodSeconds").Integer() ?? DefaultGraceSeconds),
            StartsWithin = StartEstimate.Of(spec),
            HasDeadline = spec.At("activeDeadlineSeconds") is not null,
            OtherScheduler = spec.At("schedulerName").Text() is { Length: > 0 } scheduler && scheduler != DefaultScheduler ? scheduler : null,
            Gates = [.. spec.At("schedulingGates").Items().Select(gate => gate.At("name").Text() ?? "")],
            NodeName = spec.At("nodeName").Text() is { Length: > 0 } node ? node : null,
        };
    }
}
