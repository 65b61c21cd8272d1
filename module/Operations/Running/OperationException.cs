namespace HaCluster.Operations.Running;

/// <summary>An operation that is refused, held by another, or failed. The message names the thing, what is wrong and what to do.</summary>
public class OperationException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Stable, for the id of an error record: <c>OperationHeld</c>, <c>StepFailed</c>.</summary>
    public string Code { get; } = code;

    /// <summary>The operation that it is about; null before there is one.</summary>
    public string? OperationId { get; init; }
}

/// <summary>Nothing was done.</summary>
public sealed class OperationRefusedException(OperationPlan plan)
    : OperationException(plan.Refusals[0].Code, string.Join(Environment.NewLine, plan.Refusals))
{
    public OperationPlan Plan { get; } = plan;
}

/// <summary>Another operation holds the cluster's lease.</summary>
public sealed class OperationHeldException(string message) : OperationException("OperationHeld", message)
{
    /// <summary><c>USER@HOST</c>.</summary>
    public required string Holder { get; init; }

    public required DateTimeOffset? Since { get; init; }

    /// <summary>The operation it is held with.</summary>
    public required string? HeldOperation { get; init; }
}

/// <summary>A step failed; the journal has how far it went.</summary>
public sealed class OperationFailedException(OperationResult result, string message, Exception? inner) : OperationException("StepFailed", message, inner)
{
    public OperationResult Result { get; } = result;
}
