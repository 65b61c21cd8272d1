using System.Collections.Immutable;

namespace HaCluster.Stack.Identities;

/// <summary>One statement of an IAM policy.</summary>
public sealed record PolicyStatement
{
    /// <summary>Principal of a statement that is for everybody, including anonymous callers; its conditions restrict it.</summary>
    public static readonly (string Kind, string Name) Anyone = ("*", "*");

    /// <summary>Why the statement is there, in letters and digits.</summary>
    public required string Sid { get; init; }

    public required ImmutableArray<string> Actions { get; init; }

    /// <summary>Whether it refuses, over anything that allows; only policies of resources do that here.</summary>
    public bool Denies { get; init; }

    /// <summary>ARNs; empty in a trust policy, where the role itself is meant.</summary>
    public ImmutableArray<string> Resources { get; init; } = [];

    /// <summary>Who may do it, for trust and key policies: <c>Service</c> or <c>AWS</c> and its name.</summary>
    public (string Kind, string Name)? Principal { get; init; }

    /// <summary>Conditions that must all hold.</summary>
    public ImmutableArray<PolicyCondition> Conditions { get; init; } = [];
}
