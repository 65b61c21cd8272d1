using System.ComponentModel;
using CliWrap;
using CliWrap.Buffered;
using HaCluster.Cli.Terminal;
using HaCluster.Engine.Running;

namespace HaCluster.Cli.Running;

/// <summary>Runs the program with a query that needs no engine; it answers on standard output and exits.</summary>
internal static class ProgramQuery
{
    /// <summary>It answers in a second; as in a run, a program that says nothing for so long hangs.</summary>
    private static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(60);

    /// <param name="argument">The query.</param>
    /// <param name="environment">Environment variables of the program.</param>
    /// <param name="what">The purpose of the query, for the error message.</param>
    /// <exception cref="ProgramMissingException">The program does not answer.</exception>
    public static async Task<string> AskAsync(
        string program, string argument, IReadOnlyDictionary<string, string> environment, string what, CancellationToken cancellationToken, TimeSpan? limit = null)
    {
        var time = limit ?? DefaultLimit;
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timer.CancelAfter(time);
        try
        {
            var answer = await CliWrap.Cli.Wrap(DotnetHost.Path)
                .WithArguments([program, argument])
                // Under an engine the program would wait for settings.
                .WithEnvironmentVariables(new Dictionary<string, string?>(environment!) { ["PULUMI_MONITOR"] = null })
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(timer.Token);
            await Interruption.ThrowIfInterruptedAsync(answer.ExitCode, cancellationToken);
            return answer.ExitCode == 0 && answer.StandardOutput.Length > 0
                ? answer.StandardOutput
                : throw new ProgramMissingException($"{program} does not {what} (exit code {answer.ExitCode}{ReasonOf(answer.StandardError)}); {AdviceFor(program)}");
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ProgramMissingException($"{program} does not {what}: it was stopped after {time.TotalSeconds:0.###} s without an answer; {AdviceFor(program)}", exception);
        }
        catch (Win32Exception exception)
        {
            throw new ProgramMissingException($"{program} cannot be started with {DotnetHost.Path}: {(exception.InnerException ?? exception).Message.TrimEnd('.')}; install .NET, or set DOTNET_ROOT to where it is", exception);
        }
    }

    /// <summary>Of its output the first line: what follows is a trace or a usage.</summary>
    private static string ReasonOf(string error) =>
        error.Split('\n').Select(line => line.Trim().TrimEnd('.')).FirstOrDefault(line => line.Length > 0) is { } reason ? $": {reason}" : "";

    private static string AdviceFor(string program) =>
        program == ProgramLocation.Default ? "build it again: dotnet build infra/Stack" : "--program takes the program of a stack, such as infra/Stack/bin/Debug/net10.0/Stack.dll";
}
