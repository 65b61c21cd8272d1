using System.Globalization;
using System.Text;
using HaCluster.Benchmarks.Starting;
using HaCluster.Conformance.Emit;

namespace HaCluster.Benchmarks.Importing;

/// <summary>What the PowerShell module costs: a bare <c>pwsh</c>, one that imports it, and one that also uses its engine for the first time. Rounds alternate.</summary>
internal sealed record ModuleBenchmark(Started Bare, Started Import, Started Use)
{
    private const string Version = "7.6.9";

    private static string Packages =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static string Pwsh => Path.Combine(Packages, "powershell", Version, "tools", "net10.0", "any", OperatingSystem.IsWindows() ? "win" : "unix", "pwsh.dll");

    private static string Module => Path.Combine(Checkout.Root, "module", "bin", "HaCluster");

    /// <summary>Null when it can be held.</summary>
    public static string? Missing =>
        !File.Exists(Pwsh) ? "dotnet tool restore" : !Directory.Exists(Module) ? "dotnet build -c Release module/Cmdlets" : null;

    public static ModuleBenchmark Hold(int rounds)
    {
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
        Environment.SetEnvironmentVariable("POWERSHELL_UPDATECHECK", "Off");
        var benchmark = new ModuleBenchmark(
            Run("bare", "1"), Run("import", $"Import-Module '{Module}'"), Run("first use", $"Import-Module '{Module}'; Get-HaStack prod -ProjectDirectory '{Checkout.Root}' | Out-Null"));
        Started[] all = [benchmark.Bare, benchmark.Import, benchmark.Use];
        foreach (var one in all)
            one.Run(isCounted: false);
        for (var round = 0; round < rounds; round++)
        {
            foreach (var one in all)
                one.Run(isCounted: true);
        }

        return benchmark;
    }

    public string ToTable()
    {
        var text = new StringBuilder();
        text.AppendLine("                            median s      x bare   peak MB");
        foreach (var one in new[] { Bare, Import, Use })
            text.AppendLine(string.Create(CultureInfo.InvariantCulture, $"  {one.Name,-24}{one.Seconds,10:0.00}{one.Seconds / Bare.Seconds,12:0.00}{one.Megabytes,10:0}"));
        Target[] targets =
        [
            new("import over a bare pwsh in ms", 1000 * (Import.Seconds - Bare.Seconds), 150),
            new("import over a bare pwsh, peak MB", Import.Megabytes - Bare.Megabytes, 40),
        ];
        foreach (var target in targets)
            text.AppendLine(CultureInfo.InvariantCulture, $"{(target.IsMet ? "met   " : "MISSED")}  {target.What}: {target.Value:0.00}, target {target.Limit:0}");
        return text.ToString();
    }

    private static Started Run(string name, string script) => new(name, [Pwsh, "-NoProfile", "-NonInteractive", "-Command", script]);
}
