namespace HaCluster.Cmdlets.Tests.Hosting;

/// <summary>
/// The real <c>pwsh</c> of the .NET tool. Started as <c>dotnet pwsh.dll</c>: the tool's own command is a shim whose signals do not reach PowerShell.
/// </summary>
internal static class Pwsh
{
    private const string Version = "7.6.9";

    /// <summary>Null when <c>dotnet tool restore</c> was not run.</summary>
    public static string? Assembly { get; } =
        Path.Combine(Checkout.Packages, "powershell", Version, "tools", "net10.0", "any", OperatingSystem.IsWindows() ? "win" : "unix", "pwsh.dll") is var path && File.Exists(path) ? path : null;

    public static void Require() => Skip.If(Assembly is null, $"needs pwsh {Version}: run dotnet tool restore");

    public static (int ExitCode, string Output) Run(string script, string? directory = null, params (string Name, string Value)[] environment) =>
        Start(["-Command", script], directory, environment);

    /// <summary>Runs a script as a scheduler does.</summary>
    public static (int ExitCode, string Output) RunFile(string file, params string[] arguments) => Start(["-File", file, .. arguments], null, []);

    private static (int ExitCode, string Output) Start(string[] arguments, string? directory, (string Name, string Value)[] environment)
    {
        var variables = environment.ToDictionary(variable => variable.Name, variable => (string?)variable.Value);
        variables["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        variables["POWERSHELL_UPDATECHECK"] = "Off";
        var ended = Programs.RunAsync("dotnet", [Assembly!, "-NoProfile", "-NonInteractive", .. arguments], directory ?? Checkout.Root, variables).GetAwaiter().GetResult();
        return (ended.ExitCode, ended.Text);
    }
}
