namespace HaCluster.Cli.Tests.Processes;

/// <summary>The built <c>ha</c>, run as a person runs it.</summary>
internal static class Ha
{
    public static string Checkout => Repository.Root;

    /// <summary>Debug or Release, as these tests are built.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>Of the same configuration as these tests.</summary>
    public static string Assembly { get; } =
        Path.Combine(Checkout, "infra", "Cli", "bin", Configuration, "net10.0", "ha.dll");

    /// <summary>The program of the stack, of the same configuration.</summary>
    public static string Program { get; } = Path.Combine(Checkout, "infra", "Stack", "bin", Configuration, "net10.0", "Stack.dll");

    public static HaResult Run(params string[] arguments) => Run(Checkout, [], arguments);

    public static HaResult Run(string directory, Dictionary<string, string?> environment, params string[] arguments) =>
        Finish(Programs.RunAsync("dotnet", [Assembly, .. arguments], directory, Plain(environment)));

    /// <summary>The same answer without a process of its own.</summary>
    public static HaResult Answer(params string[] arguments) => HaInProcess.Run(Program, HaInProcess.Unwrapped, arguments);

    public static HaResult Shell(string directory, string command) => Finish(Programs.RunAsync("bash", ["-c", command], directory, Plain([])));

    /// <summary>Starts one that gets a signal.</summary>
    public static RunningProgram Start(params string[] arguments) => Start([], arguments);

    public static RunningProgram Start(Dictionary<string, string?> environment, params string[] arguments) =>
        RunningProgram.Start("dotnet", [Assembly, .. arguments], Checkout, Plain(environment));

    /// <summary>Whoever runs the tests may have asked for something else.</summary>
    private static Dictionary<string, string?> Plain(Dictionary<string, string?> environment) =>
        new Dictionary<string, string?> { ["NO_COLOR"] = null, ["COLUMNS"] = null }.Concat(environment)
            .GroupBy(variable => variable.Key).ToDictionary(group => group.Key, group => group.Last().Value);

    private static HaResult Finish(Task<Ended> run)
    {
        var ended = run.GetAwaiter().GetResult();
        return new HaResult(ended.ExitCode, ended.Output, ended.Error);
    }
}
