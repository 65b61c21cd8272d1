using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Proof.Repairs;

/// <summary>Finds the first candidate, smallest first, with which the cluster is proved again and the violation is gone without a new one.</summary>
internal sealed class RepairSearch(ClusterModel model, ProofOptions options, IReadOnlyCollection<Violation> known)
{
    private readonly HashSet<(Invariant, string)> _known = [.. known.Select(KeyOf)];

    public Violation Mend(Violation violation)
    {
        foreach (var candidate in RepairCandidates.Of(violation, model))
        {
            var left = Prover.Attempt(candidate.Model, options with { SeeksRepairs = false }, violation.Scenario.Class).Select(KeyOf);
            if (left.All(key => key != KeyOf(violation) && _known.Contains(key)))
                return violation with { Repair = candidate.Repair with { IsVerified = true } };
        }

        return violation;
    }

    private static (Invariant, string) KeyOf(Violation violation) => (violation.Invariant, violation.Subject);
}
