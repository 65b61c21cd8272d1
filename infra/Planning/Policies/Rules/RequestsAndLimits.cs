using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Policies.Rules;

internal sealed class RequestsAndLimits : Policy
{
    public override string Id => "requests-and-limits";

    public override string Title => "every container requests CPU and limits its memory and local storage";

    public override string Why => "A container that leaks without a limit takes down its node and everything else on it.";

    public override Uri Source { get; } = new("https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/");

    public override string Fix =>
        "set resources.requests.cpu, limits.memory and limits.ephemeral-storage on the container, or the defaults of a LimitRange in its namespace";

    private static readonly (string Side, string Resource)[] Demanded = [("requests", "cpu"), ("limits", "memory"), ("limits", "ephemeral-storage")];

    internal override IEnumerable<Finding> Check(PolicyGraph graph)
    {
        // Add-ons run as published by AWS, as system pods: AWS chooses their limits.
        foreach (var one in graph.Workloads.Where(one => one.Workload.Source is not Origin.Addon))
        {
            foreach (var container in one.Workload.Pods.Containers)
            {
                if (Missing(container) is { Length: > 0 } missing)
                    yield return Violation(one.Resource, one.Say($"container {container.Name} has no {missing}"));
            }
        }

        foreach (var (kind, name) in graph.HiddenPods)
            yield return NotInspected(kind, name);
    }

    private static string Missing(Container container) => string.Join(
        ", ",
        Demanded.Where(one => (one.Side == "limits" ? container.Limits : container.Requests).GetValueOrDefault(one.Resource) <= 0)
            .Select(one => $"{one.Side}.{one.Resource}"));
}
