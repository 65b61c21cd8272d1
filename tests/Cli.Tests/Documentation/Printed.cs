using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using HaCluster.Cli.Tests.Processes;

namespace HaCluster.Cli.Tests.Documentation;

/// <summary>What commands of <c>ha</c> print, each run once.</summary>
internal static partial class Printed
{
    private static readonly Dictionary<string, string> Environment = new() { ["COLUMNS"] = "80" };
    private static readonly ConcurrentDictionary<string, Lazy<string>> Outputs = new();

    /// <summary>As a page shows it, apart from how lines are broken and how long things took.</summary>
    /// <param name="arguments">Behind <c>ha</c>.</param>
    public static string By(string arguments) => Outputs.GetOrAdd(arguments, _ => new Lazy<string>(() => Plain(Run(arguments)))).Value;

    public static string Plain(string text) => Space().Replace(Elapsed().Replace(text, "$1 TIME"), " ").Trim();

    private static string Run(string arguments)
    {
        // Looking for fixes ends when all are found; a busy machine needs longer than a person would wait.
        var ample = arguments.StartsWith("prove", StringComparison.Ordinal) ? " --fix-seconds 600" : "";
        using var process = Ha.Start("dotnet", Ha.Checkout, Environment, [Ha.Assembly, .. (arguments + ample).Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(output.Length > 0, error.Result);
        return output;
    }

    [GeneratedRegex(@"(simulated in|tried in)\s+[0-9.]+ s")]
    private static partial Regex Elapsed();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
