using System.Diagnostics;

namespace HaCluster.Cli.Running;

/// <summary>Asks the program something that needs no engine: it answers on standard output, and ends.</summary>
internal static class ProgramQuery
{
    /// <param name="argument">The question.</param>
    /// <param name="environment">What it is to know.</param>
    /// <param name="what">For the error: what a program cannot do that does not know the question.</param>
    /// <exception cref="ProgramMissingException">The program does not answer.</exception>
    public static async Task<string> AskAsync(
        string program, string argument, IReadOnlyDictionary<string, string> environment, string what, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", [program, argument]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        // As a program of an engine it would wait for settings.
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
