namespace Pulumi;

/// <summary>What the engine tells a program through its environment.</summary>
internal sealed record EngineEnvironment(
    string MonitorAddress,
    string EngineAddress,
    string OrganizationName,
    string ProjectName,
    string StackName,
    string? RootDirectory,
    bool IsDryRun)
{
    /// <exception cref="InvalidOperationException">The program was not started by an engine.</exception>
    public static EngineEnvironment Read()
    {
        var monitor = Environment.GetEnvironmentVariable("PULUMI_MONITOR");
        var engine = Environment.GetEnvironmentVariable("PULUMI_ENGINE");
        var project = Environment.GetEnvironmentVariable("PULUMI_PROJECT");
        var stack = Environment.GetEnvironmentVariable("PULUMI_STACK");
        if (string.IsNullOrEmpty(monitor) || string.IsNullOrEmpty(engine) || string.IsNullOrEmpty(project) || string.IsNullOrEmpty(stack)
            || !bool.TryParse(Environment.GetEnvironmentVariable("PULUMI_DRY_RUN"), out var isDryRun)
            || !bool.TryParse(Environment.GetEnvironmentVariable("PULUMI_QUERY_MODE"), out _)
            || !int.TryParse(Environment.GetEnvironmentVariable("PULUMI_PARALLEL"), out _))
        {
            throw new InvalidOperationException(
                "Program run without the Pulumi engine available; re-run using the `pulumi` CLI");
        }

        return new EngineEnvironment(
            monitor,
            engine,
            Environment.GetEnvironmentVariable("PULUMI_ORGANIZATION") ?? "organization",
            project,
            stack,
            Environment.GetEnvironmentVariable("PULUMI_ROOT_DIRECTORY"),
            isDryRun);
    }
}
