using System.CommandLine;
using HaCluster.Cli.Terminal;
using HaCluster.Planning;

namespace HaCluster.Cli.Commands;

/// <summary>The options of every command.</summary>
internal static class GlobalOptions
{
    private static readonly Option<bool> Quiet = new("--quiet", "-q")
    {
        Description = "Show only errors, and documents written to standard output; the exit code gives the result.",
        Recursive = true,
    };

    private static readonly Option<bool> NoColor = new("--no-color")
    {
        Description = "No colours and no progress line, as with NO_COLOR=1 in the environment.",
        Recursive = true,
    };

    private static readonly Option<bool> Strict = new("--strict")
    {
        Description = $"Instead of 0, exit with {ExitCode.Refused} on warnings, and with {ExitCode.Incomplete} if something was not understood.",
        Recursive = true,
    };

    public static IReadOnlyList<Option> All { get; } = [Quiet, NoColor, Strict];

    /// <summary>
    /// Read before the command line is parsed, because they also apply to parse errors. These options take no value and are not bundled, so their names are enough.
    /// </summary>
    public static Terminals TerminalsFor(IEnumerable<string> arguments)
    {
        var options = arguments.TakeWhile(argument => argument != "--").ToHashSet(StringComparer.Ordinal);
        return Terminals.OfProcess(options.Contains(NoColor.Name), isQuiet: options.Contains(Quiet.Name) || Quiet.Aliases.Any(options.Contains));
    }

    public static bool IsStrict(ParseResult parsed) => parsed.GetValue(Strict);

    /// <summary>The exit code with <c>--strict</c> taken into account.</summary>
    public static int Answer(ParseResult parsed, int exitCode, Terminals terminals)
    {
        if (exitCode != ExitCode.Success || !IsStrict(parsed))
            return exitCode;
        var (warnings, unknown) = (terminals.StrictProblems.Warnings, terminals.StrictProblems.Unknown);
        if (warnings.Count > 0)
        {
            Show($"{Wording.Count(warnings.Count, "warning")}, which --strict does not allow", warnings);
            return ExitCode.Refused;
        }

        if (unknown.Count == 0)
            return exitCode;
        Show($"{Wording.Count(unknown.Count, "thing")} {(unknown.Count == 1 ? "was" : "were")} not understood, which --strict does not allow", unknown);
        return ExitCode.Incomplete;

        // The text of the command lists them, unless there is none.
        void Show(string problem, IReadOnlyList<string> details) =>
            ErrorView.Show(terminals.Error, problem, parsed.GetValue(Quiet) || terminals.StrictProblems.AreHidden ? details : []);
    }
}
