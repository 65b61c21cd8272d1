using System.Diagnostics;

namespace HaCluster.Cmdlets.Tests.Hosting;

/// <summary>
/// The real <c>pwsh</c> of the .NET tool. Started as <c>dotnet pwsh.dll</c>: the tool's own command is a shim whose signals do not reach PowerShell.
/// </summary>
internal static class Pwsh
{
    private const string Version = "7.6.9";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

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
        var start = new ProcessStartInfo("dotnet", [Assembly!, "-NoProfile", "-NonInteractive", .. arguments])
        {
            WorkingDirectory = directory ?? Checkout.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.Environment["POWERSHELL_UPDATECHECK"] = "Off";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"pwsh did not end; it wrote: {output.Result}{error.Result}");
        }

        return (process.ExitCode, output.Result + error.Result);
    }
}
