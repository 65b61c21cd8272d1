namespace HaCluster.Operations.Running;

/// <summary>The plan has refusals that were not, or cannot be, overridden. Nothing was done.</summary>
public sealed class OperationRefusedException(OperationPlan plan, Refusal first)
    : HaClusterException(first.Kind, plan.Command, plan.Target, Reasons(plan, first), first.Advice)
{
    private const int MostReasons = 3;

    public OperationPlan Plan { get; } = plan;

    /// <summary>The refusal that the message is about first.</summary>
    public Refusal Refusal { get; } = first;

    /// <summary>The first few; <c>-WhatIf</c> and <see cref="Plan"/> have all.</summary>
    private static string Reasons(OperationPlan plan, Refusal first)
    {
        var all = plan.Refusals.Where(refusal => refusal != first).Prepend(first).Select(refusal => refusal.Reason).ToList();
        return string.Join("; ", all.Take(MostReasons)) + (all.Count > MostReasons ? $"; and {all.Count - MostReasons} more, which -WhatIf shows" : "");
    }
}

/// <summary>Another operation holds the cluster's lease.</summary>
public sealed class OperationHeldException(string target, string problem, string advice) : HaClusterException(FailureKind.OperationRunning, "", target, problem, advice)
{
    /// <summary><c>USER@HOST</c>.</summary>
    public required string Holder { get; init; }

    public required DateTimeOffset? Since { get; init; }

    /// <summary>The operation it is held with; empty when the lease does not say.</summary>
    public required string Operation { get; init; }
}

/// <summary>A step failed. The result, as the journal, has how far the operation went.</summary>
public sealed class OperationFailedException(OperationResult result, string step, string problem, string advice, Exception inner)
    : HaClusterException(FailureKind.StepFailed, result.Command, step, problem, advice, inner)
{
    public OperationResult Result { get; } = result;
}
