using HaCluster.Operations.Running;

namespace HaCluster.Operations.Backups;

/// <summary>Takes a snapshot of a database cluster, which stays until someone deletes it.</summary>
internal sealed record DatabaseSnapshotStep(string Database, string Snapshot, TimeSpan Timeout) : Step
{
    public override string Id => $"snapshot/{Snapshot}";

    public override string Title => $"Take snapshot {Snapshot} of database {Database}";

    public override string Subject => $"database snapshot/{Snapshot}";

    public override TimeSpan Expected => TimeSpan.FromMinutes(5);

    public override async Task<StepCheck> CheckAsync(StepContext context, CancellationToken cancellationToken)
    {
        var snapshot = await context.Aws("database snapshots").Databases.FindSnapshotAsync(Snapshot, cancellationToken);
        var found = Facts(("snapshot", snapshot?.Status ?? "none"));
        return snapshot switch
        {
            null => StepCheck.ToDo(found),
            { Status: "available" } => StepCheck.Done(found, "it is available"),
            _ => StepCheck.UnderWay(found, $"it is {snapshot.Status}"),
        };
    }

    public override async Task DoAsync(StepContext context, CancellationToken cancellationToken)
    {
        // With the tag of the cluster: what is left of a removed cluster is found by it.
        var tags = new Dictionary<string, string> { ["Cluster"] = context.Session.ClusterName, ["ha-cluster/operation"] = context.OperationId };
        try
        {
            await context.Aws("database snapshots").Databases.CreateSnapshotAsync(Database, Snapshot, tags, cancellationToken);
        }
        catch (HaClusterException e) when (e.Kind == FailureKind.AlreadyExists)
        {
            // The response of an earlier attempt was lost.
        }
    }

    public override async Task<IReadOnlyDictionary<string, string>> VerifyAsync(StepContext context, CancellationToken cancellationToken)
    {
        await context.UntilAsync(this, Timeout, async token => await context.Aws("database snapshots").Databases.FindSnapshotAsync(Snapshot, token) switch
        {
            { Status: "available" } => null,
            { Status: "failed" or "incompatible-restore" } failed => throw context.NotReached(this, $"RDS says {failed.Status}; see the events of {Database} in RDS"),
            { } snapshot => $"RDS says {snapshot.Status}, {snapshot.PercentProgress} %",
            null => "RDS does not list it yet",
        }, cancellationToken);
        return Facts(("snapshot", "available"));
    }
}
