using HaCluster.Cli.Running;
using HaCluster.Cli.Terminal;
using HaCluster.Engine;
using Spectre.Console;

namespace HaCluster.Cli.Views;

/// <summary>A run without a plan: the reason, and for a failed program its last lines and the file with all of its output.</summary>
internal static class FailureView
{
    private const int LastLines = 12;

    /// <returns>The exit code.</returns>
    public static int Show(IAnsiConsole console, StackRun run, DeploymentResult result)
    {
        var problems = ProgramProblems.Of(result);
        if (result.Outcome == ProgramOutcome.Refused)
            return Refuse(console, run, problems);
        ErrorView.Show(console, $"the program for stack {run.Request.Stack} failed", problems);
        ShowOutput(console, run, result, problems);
        return ExitCode.Failed;
    }

    /// <returns>The exit code.</returns>
    public static int Refuse(IAnsiConsole console, StackRun run, IEnumerable<string> problems)
    {
        ErrorView.Show(console, $"stack {run.Request.Stack} is refused ({run.Settings.StackFilePath})", problems.Select(run.Settings.AsWritten));
        return ExitCode.Refused;
    }

    private static void ShowOutput(IAnsiConsole console, StackRun run, DeploymentResult result, List<string> problems)
    {
        if (result.ProgramOutput.IsEmpty)
            return;
        var kept = Keep(run.Request.Stack, result.ProgramOutput);
        var unsaid = result.ProgramOutput.TakeLast(LastLines).Where(line => !problems.Exists(said => said.Contains(line.Trim(), StringComparison.Ordinal))).ToList();
        if (unsaid.Count > 0)
            console.MarkupLine("[grey]the program's last lines:[/]");
        foreach (var line in unsaid)
            console.WriteRaw("  | " + line);
        if (kept is not null)
            console.WriteRaw($"all of its output: {kept}");
    }

    /// <summary>Writes what is too long to be shown to a file, readable by the user only, because the output of a program may be confidential.</summary>
    /// <returns>Its path; null where it cannot be written.</returns>
    public static string? Keep(string name, IEnumerable<string> lines)
    {
        // Others may write to the folder of temporary files: with a name that they could guess, it might be theirs already.
        var path = Path.Combine(Path.GetTempPath(), $"ha-{name}-{Path.GetRandomFileName()}.log");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using var writer = new StreamWriter(path, options);
            foreach (var line in lines)
                writer.WriteLine(line);
            return path;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
