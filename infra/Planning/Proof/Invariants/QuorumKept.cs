using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Invariants;

/// <summary>OpenSearch keeps a majority of its masters and a copy of its data; a database keeps an instance that can be promoted.</summary>
internal sealed class QuorumKept(ProofContext context)
{
    private const int MasterZones = 3;

    public IEnumerable<Violation> OfZone(Scenario scenario, string zone)
    {
        foreach (var domain in context.Model.SearchDomains)
        {
            if (domain.Zones < 2)
                yield return new Violation(Invariant.Quorum, Cause.OneZone, scenario, Subject.Of(domain), $"all nodes of {domain.Name} are in one zone");
            else if (OfVoters(scenario, domain, InOneZone(domain)) is { } violation)
                yield return violation;
        }

        foreach (var database in context.Model.Databases)
        {
            foreach (var violation in OfDatabase(scenario, database, instance => instance.Zone == zone))
                yield return violation;
        }
    }

    /// <summary>
    /// Voting nodes: dedicated masters, or without them the data nodes
    /// (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-dedicatedmasternodes.html).
    /// </summary>
    public static int VotersOf(SearchDomain domain) => domain.Masters > 0 ? domain.Masters : domain.DataNodes;

    /// <summary>
    /// Voting nodes in the fullest zone. Three dedicated masters are in three zones even when the data nodes are in two; data nodes stay in their zones
    /// (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-multiaz.html).
    /// </summary>
    private static int InOneZone(SearchDomain domain)
    {
        var zones = domain.Masters > 0 ? Math.Max(domain.Zones, MasterZones) : domain.Zones;
        return (VotersOf(domain) + zones - 1) / zones;
    }

    /// <param name="gone">Voting nodes that are lost at once.</param>
    public static Violation? OfVoters(Scenario scenario, SearchDomain domain, int gone)
    {
        var (voters, what) = (VotersOf(domain), domain.Masters > 0 ? "masters" : "data nodes, which vote as there are no dedicated masters,");
        return voters - gone > voters / 2 ? null : new Violation(
            Invariant.Quorum, Cause.NoMajority, scenario, Subject.Of(domain),
            $"{voters - gone} of {voters} {what} {Wording.Verb(voters - gone, "is", "are")} not a majority: {domain.Name} accepts no writes");
    }

    public static IEnumerable<Violation> OfDatabase(Scenario scenario, Database database, Func<DatabaseInstance, bool> isGone)
    {
        var left = database.Instances.Count(instance => !isGone(instance));
        if (left == 0)
        {
            yield return new Violation(
                Invariant.Serving, Cause.OneZone, scenario, Subject.Of(database),
                database.Instances.Length == 1
                    ? $"{database.Name} has one instance and no reader to promote"
                    : $"all {database.Instances.Length} instances of {database.Name} are in the lost zone");
        }
    }
}
