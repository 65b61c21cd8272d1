using System.Diagnostics;

namespace HaCluster.Cli.Running;

/// <summary>Runs the program with a query that needs no engine; it answers on standard output and exits.</summary>
internal static class ProgramQuery
{
    /// <param name="argument">The query.</param>
    /// <param name="environment">Environment variables of the program.</param>
    /// <param name="what">The purpose of the query, for the error message.</param>
    /// <exception cref="ProgramMissingException">The program does not answer.</exception>
    public static async Task<string> AskAsync(
        string program, string argument, IReadOnlyDictionary<string, string> environment, string what, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", [program, argument]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        // Under an engine the program would wait for settings.
        start.Environment.Remove("PULUMI_MONITOR");
        using var process = Process.Start(start) ?? throw new ProgramMissingException($"{program} could not be started");
        try
        {
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            var text = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 && text.Length > 0 ? text : throw new ProgramMissingException(Problem(program, what, process.ExitCode, await error));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Of its output the first line: what follows is a trace or a usage.</summary>
    private static string Problem(string program, string what, int exitCode, string error)
    {
        var reason = error.Split('\n').Select(line => line.Trim().TrimEnd('.')).FirstOrDefault(line => line.Length > 0);
        var advice = program == ProgramLocation.Default ? "build it again: dotnet build infra/Stack" : "--program takes the program of a stack, such as infra/Stack/bin/Debug/net10.0/Stack.dll";
        return $"{program} does not {what} (exit code {exitCode}{(reason is null ? "" : $": {reason}")}); {advice}";
    }
}
