using HaCluster.Conformance.Emit;

namespace HaCluster.Benchmarks;

/// <summary>The PowerShell that <c>dotnet tool restore</c> brings, and the built module. Not the tool's own command: that starts a second process.</summary>
internal static class PowerShell
{
    private const string Version = "7.6.9";

    private static string Packages =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static string Assembly => Path.Combine(Packages, "powershell", Version, "tools", "net10.0", "any", OperatingSystem.IsWindows() ? "win" : "unix", "pwsh.dll");

    private static string Module => Path.Combine(Checkout.Root, "module", "bin", "HaCluster");

    /// <summary>What to run first; null when all is there.</summary>
    public static string? Missing =>
        !File.Exists(Assembly) ? "dotnet tool restore" : !Directory.Exists(Module) ? "dotnet build -c Release module/Cmdlets" : null;

    public static string Import => $"Import-Module '{Module}'";

    /// <summary>Without what PowerShell asks the network for at its start.</summary>
    public static IReadOnlyDictionary<string, string?> Quiet { get; } = new Dictionary<string, string?> { ["POWERSHELL_TELEMETRY_OPTOUT"] = "1", ["POWERSHELL_UPDATECHECK"] = "Off" };

    /// <summary>Arguments of <c>dotnet</c>.</summary>
    public static IReadOnlyList<string> Arguments(string script) => [Assembly, "-NoProfile", "-NonInteractive", "-Command", script];
}
