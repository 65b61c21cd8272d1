namespace HaCluster.Stack.Monitoring.Rules.Cluster;

/// <summary>Which pod belongs to which workload, and what workloads cost, so that the cost of a release is visible.</summary>
internal static class CostRules
{
    // List prices of OpenCost for a vCPU and a GiB of memory, in US dollars per hour (configs/default.json of
    // https://github.com/opencost/opencost, as found in 2026-11). They are close to on-demand prices of AWS: an m5.large, two vCPUs with
    // 8 GiB, is 0.097 by these and 0.096 in us-east-1. Discounts, spot and reserved capacity are not in them: good for comparing releases,
    // not for a bill.
    private const string CpuHour = "0.031611";
    private const string GibibyteHour = "0.004237";

    /// <summary>Labels <c>namespace</c>, <c>pod</c>, <c>node</c>, <c>kind</c>, <c>workload</c>; the value is 1.</summary>
    public const string PodWorkload = "pod:workload:labels";

    // ReplicaSets and the Jobs of a CronJob carry a suffix of their own; without it, what remains is what a person declared.
    // The alphabet is that of k8s.io/apimachinery/pkg/util/rand.
    private const string PodWorkloadExpression = """
        max by (namespace, pod, node, kind, workload) (
            label_replace(
              label_replace(kube_pod_info{created_by_kind="ReplicaSet"}, "kind", "Deployment", "", ""),
              "workload", "$1", "created_by_name", "(.+?)(?:-[bcdfghjklmnpqrstvwxz2456789]{6,10})?"
            )
          or
            label_replace(
              label_replace(kube_pod_info{created_by_kind="Job"}, "kind", "Job", "", ""),
              "workload", "$1", "created_by_name", "(.+?)(?:-[0-9]{8,10})?"
            )
          or
            label_replace(
              label_replace(kube_pod_info{created_by_kind=~"StatefulSet|DaemonSet"}, "kind", "$1", "created_by_kind", "(.+)"),
              "workload", "$1", "created_by_name", "(.+)"
            )
        )
        """;

    private const string CostExpression = $$"""
        sum by (namespace, workload) (
            (
                  sum by (namespace, pod) (kube_pod_container_resource_requests{resource="cpu"}) * {{CpuHour}}
                +
                  sum by (namespace, pod) (kube_pod_container_resource_requests{resource="memory"}) / 1073741824 * {{GibibyteHour}}
            )
          * on (namespace, pod)
            max by (namespace, pod) (kube_pod_status_phase{phase="Running"})
          * on (namespace, pod) group_right ()
            pod:workload:labels
        )
        """;

    public static RuleGroup Group { get; } = new()
    {
        Name = "cost",
        Records =
        [
            new RecordingRule { Series = PodWorkload, Expression = PodWorkloadExpression },
            new RecordingRule { Series = "workload:cost_usd:hourly", Expression = CostExpression },
        ],
    };
}
