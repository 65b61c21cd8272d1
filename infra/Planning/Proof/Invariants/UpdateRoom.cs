using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Planning.Capacity;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Invariants;

/// <summary>What a namespace uses at rest, together with the pods that an update makes beyond that, fits into its quota.</summary>
internal sealed class UpdateRoom(ProofContext context)
{
    private readonly Dictionary<string, ImmutableSortedDictionary<string, decimal>> _use = context.Nodes
        .SelectMany(node => node.Pods)
        .GroupBy(pod => pod.Namespace)
        .ToDictionary(group => group.Key, group => QuotaUse.Of(group.Select(pod => pod.Spec)));

    public IEnumerable<Violation> Of(Scenario scenario, Workload workload)
    {
        // Without a surge old pods make room for new ones; with one the update may still go on if old pods may leave first.
        if (workload.MaxSurge == 0 || workload.MaxUnavailable > 0)
            yield break;
        var surge = QuotaUse.Of([workload.Pods]);
        foreach (var quota in context.Model.Quotas.Where(quota => quota.Namespace == workload.Namespace))
        {
            foreach (var (name, hard) in quota.Hard)
            {
                var need = _use.GetValueOrDefault(workload.Namespace)?.GetValueOrDefault(name) + surge.GetValueOrDefault(name);
                if (need is { } total && total > hard && surge.GetValueOrDefault(name) > 0)
                {
                    yield return new Violation(
                        Invariant.QuotaRoom, Cause.QuotaTooSmall, scenario, Subject.Of(quota),
                        $"an update of {workload.Id} needs {Show(name, total)} of {name}, the quota allows {Show(name, hard)}: the new pod is refused and the update does not go on");
                }
            }
        }
    }

    public static string Show(string name, decimal amount) =>
        name.EndsWith("memory", StringComparison.Ordinal) || name.EndsWith("storage", StringComparison.Ordinal)
            ? Quantity.Bytes(amount)
            : amount.ToString("0.###", CultureInfo.InvariantCulture);
}
