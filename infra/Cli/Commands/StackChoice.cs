namespace HaCluster.Cli.Commands;

/// <summary>Which stack a command is about, as the person said it; null where nothing was said.</summary>
/// <param name="SettingsPath">A stack file of any name, in place of <c>Pulumi.STACK.yaml</c>.</param>
/// <param name="ProgramPath">Another build of the program, in place of the one this tool was built with.</param>
internal sealed record StackChoice(string? Stack, string? SettingsPath, string? ProgramPath)
{
    public const string DefaultStack = "prod";

    /// <summary>How the help names a value that is a file of <c>ha plan --json</c> or the name of a stack.</summary>
    public const string PlanOrStack = "PLAN.json|STACK";

    public static readonly StackChoice Default = new(null, null, null);
}
