using System.Globalization;
using System.Text;
using HaCluster.Conformance.Emit;

namespace HaCluster.Benchmarks.Importing;

/// <summary>What the PowerShell module costs: a bare <c>pwsh</c>, one that imports it, and one that also uses its engine for the first time. Rounds alternate.</summary>
internal sealed record ModuleBenchmark(Started Bare, Started Import, Started Use)
{
    public static async Task<ModuleBenchmark> HoldAsync(int rounds)
    {
        var benchmark = new ModuleBenchmark(
            Run("bare", "1"), Run("import", PowerShell.Import), Run("first use", $"{PowerShell.Import}; Get-HaStack prod -ProjectDirectory '{Checkout.Root}' | Out-Null"));
        await Started.RunInTurnsAsync([benchmark.Bare, benchmark.Import, benchmark.Use], rounds);
        return benchmark;
    }

    public string ToTable()
    {
        var text = new StringBuilder(Started.Table([Bare, Import, Use], "bare"));
        Target[] targets =
        [
            new("import over a bare pwsh in ms", 1000 * (Import.Seconds - Bare.Seconds), 150),
            new("import over a bare pwsh, peak MB", Import.Megabytes - Bare.Megabytes, 40),
        ];
        foreach (var target in targets)
            text.AppendLine(CultureInfo.InvariantCulture, $"{(target.IsMet ? "met   " : "MISSED")}  {target.What}: {target.Value:0.00}, target {target.Limit:0}");
        return text.ToString();
    }

    private static Started Run(string name, string script) => new(name, "dotnet", PowerShell.Arguments(script));
}
