namespace HaCluster;

/// <summary>Why an operation is not begun, or what a force has overridden.</summary>
public sealed record Refusal
{
    /// <summary>Stable: <c>ZoneUnknown</c>, <c>LastHealthyZone</c>, <c>BudgetExhausted</c>, <c>QuotaExceeded</c> and so on.</summary>
    public required string Code { get; init; }

    public FailureKind Kind { get; init; } = FailureKind.NotSafe;

    /// <summary>Names the object, and what is wrong.</summary>
    public required string Reason { get; init; }

    /// <summary>What to do.</summary>
    public string Advice { get; init; } = "";

    /// <summary><c>NAMESPACE/NAME</c> of the pod that is in the way, if one is.</summary>
    public string? Pod { get; init; }

    /// <summary><c>NAMESPACE/NAME</c> of the PodDisruptionBudget that is in the way, if one is.</summary>
    public string? Budget { get; init; }

    /// <summary>Whether force may override it. An unknown zone or an expired credential cannot be overridden.</summary>
    public bool Forceable { get; init; }

    public override string ToString() => Advice.Length == 0 ? Reason : $"{Reason}. {Advice}";
}
