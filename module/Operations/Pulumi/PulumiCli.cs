using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CliWrap;
using CliWrap.Exceptions;

namespace HaCluster.Operations.Pulumi;

/// <summary>Runs the <c>pulumi</c> program.</summary>
/// <param name="projectDirectory">The folder with <c>Pulumi.yaml</c>.</param>
/// <param name="program">Name on <c>PATH</c>, or a path.</param>
/// <param name="trace">Told of each command line; never of its environment.</param>
public sealed class PulumiCli(string projectDirectory, string program = "pulumi", Action<string>? trace = null) : IPulumi
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>In which Pulumi writes to its log that it was interrupted; it does so at once.</summary>
    private static readonly TimeSpan TimeToHear = TimeSpan.FromSeconds(2);

    public async Task<string> ReadVersionAsync(CancellationToken cancellationToken) => (await AskAsync("version", "", ["version"], cancellationToken)).Trim();

    public Task<PulumiResult> PreviewAsync(string stack, PulumiOptions options, IProgress<PulumiProgress>? progress, CancellationToken cancellationToken) =>
        RunAsync("preview", stack, ["preview", "--diff", .. Common(stack, options)], progress, cancellationToken);

    public Task<PulumiResult> UpAsync(string stack, PulumiOptions options, IProgress<PulumiProgress>? progress, CancellationToken cancellationToken) =>
        RunAsync("up", stack, ["up", "--yes", "--skip-preview", .. Common(stack, options)], progress, cancellationToken);

    public Task<PulumiResult> RefreshAsync(string stack, PulumiOptions options, IProgress<PulumiProgress>? progress, CancellationToken cancellationToken) =>
        RunAsync("refresh", stack, ["refresh", .. Acting(options), .. Common(stack, options)], progress, cancellationToken);

    public Task<PulumiResult> DestroyAsync(string stack, PulumiOptions options, IProgress<PulumiProgress>? progress, CancellationToken cancellationToken) =>
        RunAsync("destroy", stack, ["destroy", .. Acting(options), .. Common(stack, options)], progress, cancellationToken);

    public async Task<JsonObject> ReadOutputsAsync(string stack, CancellationToken cancellationToken) =>
        Parse("stack output", stack, await AskAsync("stack output", stack, ["stack", "output", "--json", "--stack", stack, "--non-interactive"], cancellationToken));

    public async Task<JsonObject> ExportAsync(string stack, CancellationToken cancellationToken) =>
        Parse("stack export", stack, await AskAsync("stack export", stack, ["stack", "export", "--stack", stack, "--non-interactive"], cancellationToken));

    private static IEnumerable<string> Acting(PulumiOptions options) => options.PreviewOnly ? ["--preview-only"] : ["--yes", "--skip-preview"];

    private static IEnumerable<string> Common(string stack, PulumiOptions options)
    {
        IEnumerable<string> arguments = ["--stack", stack, "--non-interactive", "--color", "never", "--suppress-outputs"];
        foreach (var target in options.Targets ?? [])
            arguments = [.. arguments, "--target", target];
        if (options.Parallel is { } parallel)
            arguments = [.. arguments, "--parallel", $"{parallel}"];
        if (options.Message is { Length: > 0 } message)
            arguments = [.. arguments, "--message", message];
        return arguments;
    }

    /// <summary>A command that changes the stack, or previews it: its events are read while it runs.</summary>
    private async Task<PulumiResult> RunAsync(
        string command, string stack, IEnumerable<string> arguments, IProgress<PulumiProgress>? progress, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var folder = Directory.CreateTempSubdirectory("ha-cluster-");
        var reader = new EventLog(Path.Combine(folder.FullName, "events.json"), progress, cancellationToken);
        // Pulumi ends what it has begun, saves the state and releases the stack when it is interrupted; the caller does not wait for that.
        var run = ToEndAsync();
        try
        {
            return await run.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException exception)
        {
            _ = run.ContinueWith(left => left.Exception, TaskScheduler.Default);
            throw Interrupted(command, exception, cancellationToken);
        }

        async Task<PulumiResult> ToEndAsync()
        {
            using var ended = new CancellationTokenSource();
            var following = reader.FollowAsync(PollInterval, ended.Token);
            try
            {
                var (code, output) = await ExecuteAsync(
                    command, stack, [.. arguments, "--event-log", reader.Path], interrupted => InterruptAsync(command, reader, interrupted, ended.Token), cancellationToken);
                await ended.CancelAsync();
                await following;
                var result = reader.Result(stack, command);
                return code == 0 ? result : throw PulumiErrors.Of(command, stack, code, output, result);
            }
            finally
            {
                await ended.CancelAsync();
                await following;
                folder.Delete(recursive: true);
            }
        }
    }

    /// <summary>
    /// Interrupts Pulumi once: the second interrupt makes it drop what it is doing. At a terminal Ctrl+C reaches it without us, since the terminal sends it to
    /// the whole foreground process group, and its log says so.
    /// </summary>
    /// <param name="interrupt">Sends one.</param>
    private static async Task InterruptAsync(string command, EventLog reader, Action interrupt, CancellationToken ended)
    {
        for (var clock = Stopwatch.StartNew(); command != "preview" && Terminal.MayHaveInterruptedChildren() && clock.Elapsed < TimeToHear && !ended.IsCancellationRequested;)
        {
            if (reader.HasHeardInterrupt)
                return;
            await Task.Delay(PollInterval, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (!ended.IsCancellationRequested)
            interrupt();
    }

    private async Task<string> AskAsync(string command, string stack, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var output = new StringBuilder();
        try
        {
            var (code, error) = await ExecuteAsync(command, stack, arguments, interrupt: null, cancellationToken, output).WaitAsync(cancellationToken);
            return code == 0 ? output.ToString() : throw PulumiErrors.Of(command, stack, code, error, null);
        }
        catch (OperationCanceledException exception)
        {
            throw Interrupted(command, exception, cancellationToken);
        }
    }

    /// <param name="interrupt">Called when the caller cancels, to end the program in its own way; null: it is killed.</param>
    /// <returns>The exit code, and what it wrote to standard error (and to standard output unless that is taken).</returns>
    private async Task<(int Code, string Output)> ExecuteAsync(
        string command, string stack, IReadOnlyList<string> arguments, Func<Action, Task>? interrupt, CancellationToken cancellationToken, StringBuilder? answer = null)
    {
        trace?.Invoke($"pulumi {string.Join(' ', arguments)}");
        var output = new StringBuilder();
        var run = Cli.Wrap(program)
            .WithArguments(arguments)
            .WithWorkingDirectory(projectDirectory)
            .WithEnvironmentVariables(environment => environment
                // No prompt for an update, no telemetry beside what the user has set.
                .Set("PULUMI_SKIP_UPDATE_CHECK", "true")
                // Without it there is no --event-log (https://github.com/pulumi/pulumi/blob/master/pkg/cmd/pulumi/operations/up.go); the Automation API sets it too.
                .Set("PULUMI_DEBUG_COMMANDS", "true"))
            .WithValidation(CommandResultValidation.None)
            .WithStandardOutputPipe(PipeTarget.ToStringBuilder(answer ?? output))
            .WithStandardErrorPipe(PipeTarget.ToStringBuilder(output));
        using var forced = new CancellationTokenSource();
        using var graceful = new CancellationTokenSource();
        await using var registration = cancellationToken.Register(() => _ = interrupt is null ? forced.CancelAsync() : interrupt(graceful.Cancel));
        try
        {
            var result = await run.ExecuteAsync(forced.Token, graceful.Token);
            return (result.ExitCode, PulumiErrors.WithoutSecrets(output.ToString()));
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or CliWrapException or DirectoryNotFoundException)
        {
            throw PulumiErrors.NotStarted(program, projectDirectory, command, stack, exception);
        }
    }

    private static OperationCanceledException Interrupted(string command, Exception exception, CancellationToken cancellationToken) =>
        new($"pulumi {command} was interrupted", exception, cancellationToken);

    private static JsonObject Parse(string command, string stack, string text)
    {
        try
        {
            if (JsonNode.Parse(text) is JsonObject json)
                return json;
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new HaClusterException(
            FailureKind.NotUnderstood, $"pulumi {command}", stack, "its output is not a JSON object", "Run the command by hand; a wrapper of pulumi may print something else");
    }
}
