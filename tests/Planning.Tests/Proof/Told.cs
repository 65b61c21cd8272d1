using System.Collections.Immutable;
using HaCluster.Planning.Proof;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Tests.Proof;

/// <summary>One violation of a proof, with what would fix it.</summary>
/// <param name="Fixes">Those of the violation, in the order of the report.</param>
internal sealed record Told(Violation Violation, ImmutableArray<Fix> Fixes)
{
    public string Text => Violation.Text;

    public Scenario Scenario => Violation.Scenario;

    /// <summary>The first that changes something.</summary>
    public Fix Fix => Fixes.First(fix => fix.Kind != FixKind.Accept);

    /// <summary>The only violation of an invariant by a subject.</summary>
    public static Told Only(ClusterModel model, Invariant invariant, string subject)
    {
        var report = Prover.Prove(model);
        var (index, violation) = Assert.Single(report.Violations.Index(), one => one.Item.Invariant == invariant && one.Item.Subject.ToString() == subject);
        return new Told(violation, [.. report.FixesOf(index + 1)]);
    }
}
