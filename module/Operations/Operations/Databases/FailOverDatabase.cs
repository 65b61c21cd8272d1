using HaCluster.Operations.Running;

namespace HaCluster.Operations.Databases;

/// <summary>Makes a reader of a database the writer, and waits until it is.</summary>
/// <param name="Database">The database cluster; null: the one of <paramref name="Instance"/>, or the only one.</param>
/// <param name="Instance">The reader; null: the best one (lowest promotion tier, then the least lag, in a zone that is not shifted away from).</param>
public sealed record FailOverDatabase(string? Database, string? Instance, TimeSpan Timeout) : OperationRequest
{
    public override string Command => "Invoke-HaDatabaseFailover";

    public override string Target => Database is null ? Instance is null ? "the database" : $"database instance {Instance}" : $"database {Database}";
}
