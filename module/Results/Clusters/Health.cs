namespace HaCluster;

/// <summary>The state of a part. Ordered: the worst of several is the greatest.</summary>
public enum Health
{
    Healthy,

    /// <summary>It could not be looked at, so nothing is promised of it.</summary>
    Unknown,

    /// <summary>It works with less than it should have.</summary>
    Degraded,

    /// <summary>It does not work, or the next failure stops it.</summary>
    Critical,
}

/// <summary>A part of the cluster that could not be read.</summary>
/// <param name="Part">Such as <c>databases</c>.</param>
/// <param name="Reason">Why, and what to try.</param>
/// <param name="Failure">The stable id of the failure.</param>
public sealed record UnknownPart(string Part, string Reason, FailureKind Failure)
{
    /// <summary>Why, without the call: parts that failed for the same cause are shown together.</summary>
    public string Cause { get; init; } = Reason;
}
