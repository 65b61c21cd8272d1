using HaCluster.Operations.Aws;
using HaCluster.Operations.Running;

namespace HaCluster.Operations.Databases;

/// <summary>Makes a reader the writer.</summary>
/// <param name="AwayFrom">Done as well when the writer has left this zone by itself; null: only that target counts.</param>
internal sealed record FailOverStep(string Database, string Instance, string? AwayFrom, TimeSpan Timeout) : Step
{
    public override string Id => $"failover/{Database}";

    public override string Title => $"Fail over {Database} to {Instance}";

    public override string Subject => $"database/{Database}";

    // "Typically less than 60 s", https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html
    public override TimeSpan Expected => TimeSpan.FromSeconds(60);

    public override async Task<StepCheck> CheckAsync(StepContext context, CancellationToken cancellationToken)
    {
        var database = await FindAsync(context, cancellationToken);
        var found = Facts(("writer", database.Writer?.Identifier ?? "none"), ("writer zone", database.Writer?.Zone ?? ""));
        if (IsFailingOver(database))
            return StepCheck.UnderWay(found, $"it is {database.Status}");
        return StepCheck.DoneIf(IsReached(database), found, $"the writer is {database.Writer?.Identifier}");
    }

    public override async Task DoAsync(StepContext context, CancellationToken cancellationToken)
    {
        var database = await FindAsync(context, cancellationToken);
        if (database.Status != "available")
        {
            throw new HaClusterException(
                FailureKind.Rejected, "RDS FailoverDBCluster", Database, $"is {database.Status}, and RDS fails over only a database that is available", "Wait for it, then resume the operation");
        }
        await context.Aws("failing over a database").Databases.FailOverAsync(Database, Instance, cancellationToken);
    }

    public override async Task<IReadOnlyDictionary<string, string>> VerifyAsync(StepContext context, CancellationToken cancellationToken)
    {
        DatabaseCluster? database = null;
        await context.UntilAsync(this, Timeout, async token =>
        {
            database = await FindAsync(context, token);
            return IsFailingOver(database) || !IsReached(database) ? $"{Database} is {database.Status}, its writer is {database.Writer?.Identifier ?? "none"}" : null;
        }, cancellationToken);
        return Facts(("writer", database!.Writer!.Identifier), ("writer zone", database.Writer.Zone));
    }

    public override async Task UndoAsync(StepContext context, IReadOnlyDictionary<string, string> before, CancellationToken cancellationToken)
    {
        var earlier = before["writer"];
        var back = this with { Instance = earlier, AwayFrom = null };
        var check = await back.CheckAsync(context, cancellationToken);
        if (check.Need == StepNeed.ToDo)
            await back.DoAsync(context, cancellationToken);
        await back.VerifyAsync(context, cancellationToken);
    }

    private static bool IsFailingOver(DatabaseCluster database) => database.Status == "failing-over";

    private bool IsReached(DatabaseCluster database) =>
        database.Writer is { } writer && (writer.Identifier == Instance || AwayFrom is not null && writer.Zone.Length > 0 && writer.Zone != AwayFrom);

    private async Task<DatabaseCluster> FindAsync(StepContext context, CancellationToken cancellationToken) =>
        await context.Aws("databases").Databases.FindAsync(Database, cancellationToken) ?? throw new HaClusterException(
            FailureKind.NotFound, "RDS DescribeDBClusters", Database, "there is no such database", "Get-HaDatabase lists them");
}
