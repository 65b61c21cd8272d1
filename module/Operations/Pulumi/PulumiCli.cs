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
        var folder = Directory.CreateTempSubdirectory("ha-cluster-");
        try
        {
            var log = Path.Combine(folder.FullName, "events.json");
            var reader = new EventLog(log, progress);
            using var ended = new CancellationTokenSource();
            var following = reader.FollowAsync(PollInterval, ended.Token);
            // Pulumi ends what it has begun, saves the state and releases the stack when it is interrupted once; the caller does not wait for that.
            var (code, output) = await ExecuteAsync(command, stack, [.. arguments, "--event-log", log], isGraceful: command != "preview", cancellationToken);
            await ended.CancelAsync();
            await following;
            var result = reader.Result(stack, command);
            return code == 0 ? result : throw PulumiErrors.Of(command, stack, code, output, result.Errors);
        }
        finally
        {
            if (!cancellationToken.IsCancellationRequested)
                folder.Delete(recursive: true);
        }
    }

    private async Task<string> AskAsync(string command, string stack, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var output = new StringBuilder();
        var (code, error) = await ExecuteAsync(command, stack, arguments, isGraceful: false, cancellationToken, output);
        return code == 0 ? output.ToString() : throw PulumiErrors.Of(command, stack, code, error, []);
    }

    /// <returns>The exit code, and what it wrote to standard error (and to standard output unless that is taken).</returns>
    private async Task<(int Code, string Output)> ExecuteAsync(
        string command, string stack, IReadOnlyList<string> arguments, bool isGraceful, CancellationToken cancellationToken, StringBuilder? answer = null)
    {
        trace?.Invoke($"pulumi {string.Join(' ', arguments)}");
        var output = new StringBuilder();
        var run = Cli.Wrap(program)
            .WithArguments(arguments)
            .WithWorkingDirectory(projectDirectory)
            // No prompt for an update, no telemetry beside what the user has set.
            .WithEnvironmentVariables(environment => environment.Set("PULUMI_SKIP_UPDATE_CHECK", "true"))
            .WithValidation(CommandResultValidation.None)
            .WithStandardOutputPipe(PipeTarget.ToStringBuilder(answer ?? output))
            .WithStandardErrorPipe(PipeTarget.ToStringBuilder(output));
        try
        {
            using var forced = new CancellationTokenSource();
            using var registration = cancellationToken.Register(isGraceful ? () => { } : forced.Cancel);
            var running = run.ExecuteAsync(forced.Token, isGraceful ? cancellationToken : CancellationToken.None);
            var result = await running.Task.WaitAsync(cancellationToken);
            return (result.ExitCode, PulumiErrors.WithoutSecrets(output.ToString()));
        }
        catch (OperationCanceledException exception)
        {
            throw new OperationCanceledException($"pulumi {command} was interrupted", exception, cancellationToken);
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or CliWrapException or DirectoryNotFoundException)
        {
            throw PulumiErrors.NotStarted(program, projectDirectory, command, stack, exception);
        }
    }

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
