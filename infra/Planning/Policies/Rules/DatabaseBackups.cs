using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Policies.Rules;

internal sealed class DatabaseBackups : Policy
{
    public override string Id => "database-backups";

    public override string Title => "databases have point-in-time recovery for the last 7 days, and leave a final snapshot";

    public override string Why =>
        "Replicas copy a mistake within milliseconds; only a backup undoes it, and it is often noticed days later.";

    public override Uri Source { get; } = new("https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Backups.html");

    public override string Fix => "set ha-cluster:databases.ENGINE.backupRetentionDays to 7 or more, and leave skipFinalSnapshot out";

    // The default of RDS is one day. A week is our choice: it covers a long weekend.
    private const int MinDays = 7;

    internal override IEnumerable<Finding> Check(PolicyGraph graph)
    {
        foreach (var database in graph.Of("aws:rds/cluster:Cluster", "aws:rds/instance:Instance"))
        {
            // A replica of another database is backed up with its source.
            if (database.Inputs.At("replicateSourceDb").Text() is not null)
                continue;
            var days = database.Inputs.At("backupRetentionPeriod").Integer() ?? 1;
            if (days < MinDays)
                yield return Violation(database, $"backupRetentionPeriod is {days}, below {MinDays} days");
            if (database.Inputs.At("skipFinalSnapshot").IsTrue())
                yield return Violation(database, "skipFinalSnapshot is true: deleting it leaves no snapshot");
        }
    }
}
