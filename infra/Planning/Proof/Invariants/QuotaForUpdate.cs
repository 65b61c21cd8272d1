using System.Globalization;
using HaCluster.Planning.Capacity;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Invariants;

/// <summary>The usage of a namespace in the steady state plus the surge pods of an update must fit into its quota.</summary>
internal sealed class QuotaForUpdate(ProofContext context)
{
    private readonly ILookup<string, PodSpec> _pods = context.Nodes.SelectMany(node => node.Pods).ToLookup(pod => pod.Namespace, pod => pod.Spec);
    private readonly Dictionary<(NamespaceQuota Quota, string Name), decimal> _use = [];

    public IEnumerable<Violation> Of(Scenario scenario, Workload workload)
    {
        // Without surge, old pods make room for new ones; with surge the update can still proceed if old pods may be removed first.
        if (workload.MaxSurge == 0 || workload.MaxUnavailable > 0)
            yield break;
        foreach (var quota in context.Model.Quotas.Where(quota => quota.Namespace == workload.Namespace))
        {
            foreach (var (name, hard) in quota.Hard)
            {
                var surge = quota.UseOf(workload.Pods, name);
                if (surge > 0 && UseOf(quota, name) + surge is var total && total > hard)
                {
                    yield return new Violation(
                        Invariant.QuotaRoom, Cause.QuotaTooSmall, scenario, Subject.Of(quota),
                        $"an update of {workload} needs {Show(name, total)} of {name}, the quota allows {Show(name, hard)}: the new pod is refused and the update stops");
                }
            }
        }
    }

    private decimal UseOf(NamespaceQuota quota, string name)
    {
        lock (_use)
        {
            return _use.TryGetValue((quota, name), out var known)
                ? known
                : _use[(quota, name)] = _pods[quota.Namespace].Sum(pod => quota.UseOf(pod, name));
        }
    }

    public static string Show(string name, decimal amount) =>
        name.EndsWith("memory", StringComparison.Ordinal) || name.EndsWith("storage", StringComparison.Ordinal)
            ? Quantity.Bytes(amount)
            : amount.ToString("0.###", CultureInfo.InvariantCulture);
}
