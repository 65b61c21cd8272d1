using HaCluster.Planning.Proof.Invariants;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Checks;

/// <summary>The writer of a database is lost: a reader, preferably in another zone, takes over.</summary>
internal sealed class WriterCheck(ProofContext context, ScenarioCatalog catalog) : ICheck
{
    /// <summary>"Typically completes within 60 seconds": https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html</summary>
    public static readonly TimeSpan Promotion = TimeSpan.FromSeconds(60);

    /// <summary>Without a reader Aurora creates a new instance: "typically less than 10 minutes", same page.</summary>
    public static readonly TimeSpan Recreation = TimeSpan.FromMinutes(10);

    /// <summary>Clients that resolve DNS keep the old address for its TTL of 5 s plus a retry, same guide; a proxy keeps their connections.</summary>
    private static readonly TimeSpan NewAddress = TimeSpan.FromSeconds(10);

    public ScenarioClass Class => ScenarioClass.WriterLost;

    public ClassResult Run() => ClassResult.OfEach(Class, catalog.Of(Class), Try);

    private Finding Try(Scenario scenario)
    {
        var database = ((Scenario.WriterLost)scenario).Database;
        var reader = FailoverTarget(database);
        var time = (reader is null ? Recreation : Promotion) + (database.HasProxy ? TimeSpan.Zero : NewAddress);
        var violations = QuorumKept.OfDatabase(scenario, database, instance => instance == database.Writer).ToList();
        if (reader is not null && database.Writer?.Zone is { } zone && database.Instances.All(instance => instance.Zone == zone))
            violations.Add(new Violation(Invariant.Serving, Cause.OneZone, scenario, Subject.Of(database), $"its readers are in {Wording.Zone(zone)} like the writer: the loss of that zone takes all of them"));
        if (time > context.Model.Objectives.Database)
        {
            violations.Add(new Violation(
                Invariant.RecoveryTime, reader is null ? Cause.OneZone : Cause.Slow, scenario, Subject.Of(database), $"accepts writes again after {Wording.Time(time)}; objective {Wording.Time(context.Model.Objectives.Database)}"));
        }

        var summary = reader is null
            ? $"no reader to promote; Aurora creates an instance within {Wording.Time(Recreation)}"
            : $"{reader.Name}{(reader.Zone is { } there ? $" in {Wording.Zone(there)}" : "")} takes over within {Wording.Time(time)}{(database.HasProxy ? " behind the proxy" : "")}";
        return new Finding([.. violations], time.TotalSeconds, summary, time);
    }

    private static DatabaseInstance? FailoverTarget(Database database) => database.Instances
        .Where(instance => instance != database.Writer)
        .OrderBy(instance => instance.Tier).ThenBy(instance => instance.Name, StringComparer.Ordinal)
        .FirstOrDefault();
}
