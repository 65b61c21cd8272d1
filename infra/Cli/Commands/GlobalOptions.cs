using System.CommandLine;
using HaCluster.Cli.Terminal;
using HaCluster.Cli.Views;

namespace HaCluster.Cli.Commands;

/// <summary>The options of every command.</summary>
internal static class GlobalOptions
{
    private static readonly Option<bool> Quiet = new("--quiet", "-q")
    {
        Description = "Show nothing but errors, and documents that go to standard output; the exit code says the rest.",
        Recursive = true,
    };

    private static readonly Option<bool> NoColor = new("--no-color")
    {
        Description = "No colours and no moving line, as with NO_COLOR=1 in the environment.",
        Recursive = true,
    };

    private static readonly Option<bool> Strict = new("--strict")
    {
        Description = $"Warnings end with {ExitCode.Refused}, and what was not understood with {ExitCode.Incomplete}, where the answer would be 0.",
        Recursive = true,
    };

    public static IReadOnlyList<Option> All { get; } = [Quiet, NoColor, Strict];

    /// <summary>Before the command line is read, because its errors are shown as well. These options take no value, so their names are enough.</summary>
    public static Terminals TerminalsFor(IEnumerable<string> arguments)
    {
        var options = arguments.TakeWhile(argument => argument != "--").ToHashSet(StringComparer.Ordinal);
        return Terminals.OfProcess(options.Contains(NoColor.Name), isQuiet: options.Contains(Quiet.Name) || Quiet.Aliases.Any(options.Contains));
    }

    public static bool IsStrict(ParseResult parsed) => parsed.GetValue(Strict);

    /// <summary>What <c>--strict</c> makes of an answer.</summary>
    public static int Answer(ParseResult parsed, int exitCode, Terminals terminals)
    {
        if (exitCode != ExitCode.Success || !IsStrict(parsed))
            return exitCode;
        var (warnings, unknown) = (terminals.Doubts.Warnings, terminals.Doubts.Unknown);
        if (warnings.Count > 0)
        {
            ErrorView.Show(terminals.Error, $"{warnings.Count} {(warnings.Count == 1 ? "warning" : "warnings")}, and --strict lets none pass", warnings);
            return ExitCode.Refused;
        }

        if (unknown.Count == 0)
            return exitCode;
        ErrorView.Show(terminals.Error, "not everything was understood, and --strict insists on it", unknown);
        return ExitCode.Incomplete;
    }
}
