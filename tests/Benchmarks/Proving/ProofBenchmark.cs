using System.Diagnostics;
using System.Globalization;
using System.Text;
using HaCluster.Planning.Proof;
using HaCluster.Planning.Proof.Report;

namespace HaCluster.Benchmarks.Proving;

/// <summary>How long the proof of a large cluster takes, all single losses and all pairs of nodes included.</summary>
internal sealed record ProofBenchmark(ProofReport Proof, double PeakMegabytes)
{
    public static ProofBenchmark Hold()
    {
        // Fixes are looked for with the same proof again and again: not what is measured.
        var proof = Prover.Prove(ProvenCluster.Of(nodes: 1_000, pods: 20_000), new ProofOptions { FixTime = TimeSpan.Zero });
        using var self = Process.GetCurrentProcess();
        return new ProofBenchmark(proof, self.PeakWorkingSet64 / 1e6);
    }

    public string ToTable()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"  {Proof.Nodes} nodes, {Proof.Pods} pods, {Proof.Scenarios:N0} scenarios, {PeakMegabytes:0} MB");
        foreach (var verdict in Proof.Classes)
            text.AppendLine(CultureInfo.InvariantCulture, $"  {verdict.Class,-16}{verdict.Tried,9:N0}  {(verdict.Holds ? "holds" : "fails")}");
        var target = new Target("1,000 nodes, 20,000 pods, all single losses and all pairs in s", Proof.Elapsed.TotalSeconds, 30);
        text.AppendLine(CultureInfo.InvariantCulture, $"{(target.IsMet ? "met   " : "MISSED")}  {target.What}: {target.Value:0.00}, target {target.Limit:0}");
        return text.ToString();
    }
}
