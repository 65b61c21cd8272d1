namespace HaCluster.Stack.Guardrails;

/// <summary>A rule for pods in CEL.</summary>
/// <param name="Offenders">Expression that lists what breaks the rule: names of containers, or a value.</param>
/// <param name="Message">What to tell the user, before the names.</param>
public sealed record PodExpression(string Offenders, string Message)
{
    /// <summary>Name of the policy variable that holds the names.</summary>
    public const string Variable = "offenders";
}
