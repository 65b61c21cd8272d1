using HaCluster.Operations.Aws;
using HaCluster.Operations.Running;
using HaCluster.Operations.Zones;

namespace HaCluster.Operations.Databases;

/// <summary>Makes a reader of a database the writer, and waits until it is.</summary>
/// <param name="Database">The database cluster; null: the one of <paramref name="Instance"/>, or the only one.</param>
/// <param name="Instance">The reader; null: the best one (lowest promotion tier, in a zone that is not shifted away from).</param>
public sealed record FailOverDatabase(string? Database, string? Instance, TimeSpan Timeout) : OperationRequest
{
    public override string Command => "Invoke-HaDatabaseFailover";

    public override string Target => Database is null ? Instance is null ? "the database" : $"database instance {Instance}" : $"database {Database}";

    internal override async Task<Draft> PlanAsync(StepContext context, CancellationToken cancellationToken)
    {
        var databases = await context.DatabasesAsync(cancellationToken);
        var matching = databases.Where(database =>
            (Database is null || database.Identifier == Database) && (Instance is null || database.Members.Any(member => member.Identifier == Instance))).ToList();
        if (matching.Count != 1)
        {
            return Draft.Refused(new Refusal
            {
                Code = matching.Count == 0 ? "DatabaseUnknown" : "DatabaseAmbiguous",
                Kind = matching.Count == 0 ? FailureKind.NotFound : FailureKind.InvalidInput,
                Reason = matching.Count == 0 ? $"this cluster has no {(Instance is null ? $"database {Database}" : $"database instance {Instance}")}" : "there are several databases",
                Advice = $"Name one of {string.Join(", ", databases.Select(database => $"{database.Identifier} ({string.Join(", ", database.Members.Select(member => member.Identifier))})"))}",
            });
        }
        var avoided = await ZoneReading.AvoidedAsync(context, cancellationToken);
        var found = matching[0];
        var target = Instance is null ? DatabaseChoice.BestReader(found, avoided) : found.Members.First(member => member.Identifier == Instance);
        if (target is null)
        {
            return Draft.Refused(new Refusal
            {
                Code = "NoReader",
                Reason = $"database {found.Identifier} has no reader that is available outside {(avoided.Count == 0 ? "its writer" : string.Join(", ", avoided))}",
                Advice = "Add a reader in another zone, or wait for one to be available",
            });
        }
        return new Draft($"Fail over {found.Identifier} from {found.Writer?.Identifier ?? "no writer"} to {target.Identifier} in {target.Zone}", [new FailOverStep(found.Identifier, target.Identifier, null, Timeout)])
        {
            Refusals = [.. Against(found, target, avoided)],
            Warnings = ["clients lose their connections and have to connect again"],
        };
    }

    private static IEnumerable<Refusal> Against(DatabaseCluster database, DatabaseMember target, IReadOnlyCollection<string> avoided)
    {
        if (target.IsWriter)
            yield break;
        if (database.Status is not ("available" or "failing-over"))
            yield return new Refusal { Code = "DatabaseNotAvailable", Reason = $"database {database.Identifier} is {database.Status}", Advice = "RDS refuses a failover until it is available" };
        if (target.Status != "available")
            yield return new Refusal { Code = "ReaderNotAvailable", Reason = $"reader {target.Identifier} is {target.Status}", Advice = "Choose another, or leave out -Target: the best one is taken" };
        if (avoided.Contains(target.Zone))
            yield return new Refusal { Code = "ReaderInAvoidedZone", Reason = $"reader {target.Identifier} is in zone {target.Zone}, which traffic is shifted away from", Advice = "Choose a reader in another zone", Forceable = true };
    }
}
