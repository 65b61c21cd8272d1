using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using HaCluster.Benchmarks.Scheduling;
using HaCluster.Planning.Proof;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;

namespace HaCluster.Benchmarks.Proving;

/// <summary>How long the proof of a large cluster takes, all single losses and all pairs of nodes included.</summary>
internal sealed record ProofBenchmark(ProofReport Proof, double PeakMegabytes)
{
    public static ProofBenchmark Hold()
    {
        var cluster = SyntheticCluster.Of(nodes: 1_000, pods: 20_000);
        var workloads = cluster.Pods.Select(pod => pod.Workload).Distinct().ToImmutableArray();
        var proof = Prover.Prove(
            new ClusterModel
            {
                Name = "synthetic",
                Zones = [.. cluster.Nodes.Select(node => node.Zone).Distinct().Order(StringComparer.Ordinal)],
                Nodes = cluster.Nodes,
                Workloads = workloads,
                Budgets = [.. workloads.Where(workload => workload.Kind == WorkloadKind.Deployment).Select(BudgetOf)],
            },
            // What mends a violation is sought with the same proof again and again: not what is measured.
            new ProofOptions { SeeksRepairs = false });
        return new ProofBenchmark(proof, Environment.WorkingSet / 1e6);
    }

    public string ToTable()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"  {Proof.Nodes} nodes, {Proof.Pods} pods, {Proof.Scenarios:N0} scenarios, {PeakMegabytes:0} MB");
        var target = new Target("1,000 nodes, 20,000 pods, all single losses and all pairs in s", Proof.Elapsed.TotalSeconds, 30);
        text.AppendLine(CultureInfo.InvariantCulture, $"{(target.IsMet ? "met   " : "MISSED")}  {target.What}: {target.Value:0.00}, target {target.Limit:0}");
        return text.ToString();
    }

    private static DisruptionBudget BudgetOf(Workload workload) =>
        new(workload.Namespace, workload.Name, LabelSelector.Of(workload.Pods.Labels), null, new IntOrPercent(10, IsPercent: true));
}
