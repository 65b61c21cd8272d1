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
            return process.ExitCode == 0 && text.Length > 0
                ? text
                : throw new ProgramMissingException($"{program} does not {what} (exit code {process.ExitCode}): {(await error).Trim()}; build it again: dotnet build infra/Stack");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
