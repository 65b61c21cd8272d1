using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using HaCluster.Cli.Tests.Processes;

namespace HaCluster.Cli.Tests.Documentation;

/// <summary>What commands of <c>ha</c> print, each run once.</summary>
internal static partial class Printed
{
    private const int Width = 80;

    private static readonly ConcurrentDictionary<string, Lazy<string>> Outputs = new();

    /// <summary>As a page shows it, apart from how lines are broken and how long things took.</summary>
    /// <param name="arguments">Behind <c>ha</c>.</param>
    public static string By(string arguments) => Plain(AsShown(arguments));

    /// <summary>As it is, apart from how long things took.</summary>
    public static string AsShown(string arguments) => Elapsed().Replace(Outputs.GetOrAdd(arguments, _ => new Lazy<string>(() => Run(arguments))).Value, "$1 TIME");

    public static string Plain(string text) => Space().Replace(Elapsed().Replace(text, "$1 TIME"), " ").Trim();

    private static string Run(string arguments)
    {
        // Looking for fixes ends when all are found; a busy machine needs longer than a person would wait.
        var ample = arguments.StartsWith("prove", StringComparison.Ordinal) ? " --fix-seconds 600" : "";
        string[] words = [.. (arguments + ample).Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        // Without a word it finds the program itself.
        var result = words.Length == 0 ? Ha.Run(Ha.Checkout, new Dictionary<string, string?> { ["COLUMNS"] = $"{Width}" }) : HaInProcess.Run(Ha.Program, Width, words);
        Assert.True(result.Output.Length > 0, result.Error);
        return result.Output;
    }

    [GeneratedRegex(@"(simulated in|tried in)\s+[0-9.]+ s")]
    private static partial Regex Elapsed();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
