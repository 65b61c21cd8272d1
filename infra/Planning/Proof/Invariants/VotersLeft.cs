using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Invariants;

/// <summary>OpenSearch keeps a majority of its masters and a copy of its data; a database keeps an instance that can be promoted.</summary>
internal sealed class VotersLeft(ProofContext context)
{
    public IEnumerable<Violation> OfZone(Scenario scenario, string zone)
    {
        foreach (var domain in context.Model.SearchDomains)
        {
            if (domain.Zones < 2)
                yield return new Violation(Invariant.Quorum, scenario, domain.Name, $"all nodes of {domain.Name} stand in one zone");
            foreach (var violation in OfMasters(scenario, domain, (domain.Masters + domain.Zones - 1) / Math.Max(1, domain.Zones)))
                yield return violation;
        }

        foreach (var database in context.Model.Databases)
        {
            foreach (var violation in OfDatabase(scenario, database, instance => instance.Zone == zone))
                yield return violation;
        }
    }

    /// <param name="gone">Masters that are lost at once.</param>
    public static IEnumerable<Violation> OfMasters(Scenario scenario, SearchDomain domain, int gone)
    {
        // Without masters of their own the data nodes vote.
        var voters = domain.Masters > 0 ? domain.Masters : domain.DataNodes;
        if (voters - gone <= voters / 2)
            yield return new Violation(Invariant.Quorum, scenario, domain.Name, $"{voters - gone} of {voters} masters are no majority: {domain.Name} takes no writes");
    }

    public static IEnumerable<Violation> OfDatabase(Scenario scenario, Database database, Func<DatabaseInstance, bool> isGone)
    {
        var left = database.Instances.Count(instance => !isGone(instance));
        if (left == 0)
        {
            yield return new Violation(
                Invariant.Serving, scenario, database.Name,
                database.Instances.Length == 1
                    ? $"{database.Name} has one instance and no reader to promote"
                    : $"all {database.Instances.Length} instances of {database.Name} stand in the zone that is lost");
        }
    }
}
