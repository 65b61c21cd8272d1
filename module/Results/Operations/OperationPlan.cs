namespace HaCluster;

/// <summary>What an operation would do, found out without acting: what <c>-WhatIf</c> shows.</summary>
public sealed record OperationPlan
{
    /// <summary><c>Switch-HaZone</c>: the cmdlet that does it.</summary>
    public required string Command { get; init; }

    /// <summary>What it acts on: <c>zone eu-central-1a</c>, <c>payments/api</c>.</summary>
    public required string Target { get; init; }

    /// <summary>One sentence for a confirmation: <c>Evacuate zone eu-central-1a: 2 shifts, 3 nodes, 1 database writer</c>.</summary>
    public required string Summary { get; init; }

    public required IReadOnlyList<OperationStep> Steps { get; init; }

    /// <summary>What would stop it. Empty: it may begin.</summary>
    public IReadOnlyList<Refusal> Refusals { get; init; } = [];

    /// <summary>What a person should know first, and what stops nothing.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Sum of the steps that are to be done.</summary>
    public TimeSpan Expected => Steps.Where(step => step.State is StepState.Pending).Aggregate(TimeSpan.Zero, (sum, step) => sum + step.Expected);

    /// <summary>Whether it could begin: no refusal, or only some that force may override.</summary>
    public bool CanRun(bool force) => Refusals.All(refusal => force && refusal.Forceable);
}
