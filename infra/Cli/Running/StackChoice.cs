namespace HaCluster.Cli.Running;

/// <summary>The stack of a command as given on the command line; null where not given.</summary>
/// <param name="SettingsPath">A stack file of any name, in place of <c>Pulumi.STACK.yaml</c>.</param>
/// <param name="ProgramPath">Another build of the program, instead of the one that this tool was built with.</param>
internal sealed record StackChoice(string? Stack, string? SettingsPath, string? ProgramPath)
{
    public const string DefaultStack = "prod";

    /// <summary>The placeholder in the help for a value that is a file of <c>ha plan --json</c> or the name of a stack.</summary>
    public const string PlanOrStack = "PLAN.json|STACK";

    public static readonly StackChoice Default = new(null, null, null);
}
