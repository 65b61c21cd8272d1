namespace HaCluster.Operations.Running;

/// <summary>What a request is planned into, before its steps are checked.</summary>
internal sealed record Draft(string Summary, IReadOnlyList<Step> Steps)
{
    public IReadOnlyList<Refusal> Refusals { get; init; } = [];

    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Nothing can be planned.</summary>
    public static Draft Refused(Refusal refusal) => new(refusal.Reason, []) { Refusals = [refusal] };
}
