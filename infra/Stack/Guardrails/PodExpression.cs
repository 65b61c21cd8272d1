namespace HaCluster.Stack.Guardrails;

/// <summary>A rule for pods in CEL.</summary>
/// <param name="Offenders">Expression that lists the names of containers that break the rule.</param>
/// <param name="Message">What to tell the user, before the names.</param>
public sealed record PodExpression(string Offenders, string Message)
{
    /// <summary>Name of the policy variable that holds the names.</summary>
    public const string Variable = "offenders";
}
