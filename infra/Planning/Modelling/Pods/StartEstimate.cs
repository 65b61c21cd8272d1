using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Modelling.Pods;

/// <summary>The time from the scheduling of a pod until it is ready.</summary>
internal static class StartEstimate
{
    public const string Assumption =
        "A pod is ready 20 s after it is placed (sandbox, network, image on the node or pulled, process up), 10 s later for each init container, " +
        "and not before what its startup and readiness probes wait for; the times for volumes, new nodes and pulls of large images are added.";

    // Not documented anywhere: round figures of typical clusters, stated with every proof.
    private static readonly TimeSpan Placed = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan InitContainer = TimeSpan.FromSeconds(10);

    // https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#configure-probes
    private const int DefaultPeriodSeconds = 10;

    public static TimeSpan Of(PropertyValue? podSpec)
    {
        var inits = podSpec.At("initContainers").Items().Count(container => container.At("restartPolicy").Text() != "Always");
        var probes = podSpec.At("containers").Items().Select(Probes).DefaultIfEmpty().Max();
        return Placed + (InitContainer * inits) + probes;
    }

    /// <summary>The first probe runs after the initial delay, and in the worst case succeeds a full period after the process is up.</summary>
    private static TimeSpan Probes(PropertyValue container) => Wait(container.At("startupProbe")) + Wait(container.At("readinessProbe"));

    private static TimeSpan Wait(PropertyValue? probe) => probe is null
        ? TimeSpan.Zero
        : TimeSpan.FromSeconds((probe.At("initialDelaySeconds").Integer() ?? 0) + (probe.At("periodSeconds").Integer() ?? DefaultPeriodSeconds));
}
