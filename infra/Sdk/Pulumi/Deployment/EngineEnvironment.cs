namespace Pulumi;

/// <summary>Environment variables that the engine sets for a program.</summary>
internal sealed record EngineEnvironment(
    string MonitorAddress,
    string EngineAddress,
    string OrganizationName,
    string ProjectName,
    string StackName,
    string? RootDirectory,
    bool IsDryRun)
{
    /// <summary>
    /// Reads what is used here, and no more: the official SDK also wants PULUMI_QUERY_MODE and PULUMI_PARALLEL, neither of which changes anything
    /// in it, so that an engine that drops one of them would stop its programs.
    /// </summary>
    /// <param name="variable">The value of an environment variable; null when it is not set.</param>
    /// <exception cref="InvalidOperationException">The program was not started by an engine.</exception>
    public static EngineEnvironment Read(Func<string, string?> variable)
    {
        var monitor = variable("PULUMI_MONITOR");
        var engine = variable("PULUMI_ENGINE");
        var project = variable("PULUMI_PROJECT");
        var stack = variable("PULUMI_STACK");
        if (string.IsNullOrEmpty(monitor) || string.IsNullOrEmpty(engine) || string.IsNullOrEmpty(project) || string.IsNullOrEmpty(stack)
            || !bool.TryParse(variable("PULUMI_DRY_RUN"), out var isDryRun))
        {
            throw new InvalidOperationException("Program run without the Pulumi engine available; re-run using the `pulumi` CLI");
        }

        return new EngineEnvironment(
            monitor, engine, variable("PULUMI_ORGANIZATION") ?? "organization", project, stack, variable("PULUMI_ROOT_DIRECTORY"), isDryRun);
    }
}
