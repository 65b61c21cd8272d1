using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Session;
using HaCluster.Engine.Values;

namespace HaCluster.Engine.Tests.Programs;

/// <summary>Real processes, from well-behaved to hopeless.</summary>
public sealed class ProgramTests
{
    [Theory]
    [InlineData(RunMode.Preview, "true")]
    [InlineData(RunMode.Simulated, "false")]
    public async Task A_program_gets_the_environment_of_the_language_host_and_succeeds(RunMode mode, string dryRun)
    {
        var result = await EmbeddedEngine.RunAsync(PeerRun.Request("succeed") with { Mode = mode });

        Assert.Empty(result.Diagnostics);
        Assert.Equal(ProgramOutcome.Succeeded, result.Outcome);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["pulumi:pulumi:Stack", "aws:ec2/vpc:Vpc"], result.Graph.Resources.Select(resource => resource.Type));
        var outputs = result.Graph.Outputs;
        Assert.Equal(dryRun, outputs["dryRun"].AsText());
        Assert.Equal(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory), outputs["directory"].AsText());
        Assert.Equal(
            "PULUMI_ATTACH_DEBUGGER PULUMI_CONFIG PULUMI_CONFIG_SECRET_KEYS PULUMI_DRY_RUN PULUMI_ENGINE PULUMI_MONITOR PULUMI_ORGANIZATION "
            + "PULUMI_PARALLEL PULUMI_PROJECT PULUMI_PWD PULUMI_QUERY_MODE PULUMI_ROOT_DIRECTORY PULUMI_STACK",
            outputs["variables"].AsText());
        Assert.Equal("hush", JsonDocument.Parse(outputs["config"].AsText()!).RootElement.GetProperty("project:password").GetString());
        Assert.Equal("""["project:password"]""", outputs["secretKeys"].AsText());
        Assert.Contains("on standard output", result.ProgramOutput);
        Assert.Contains("on standard error", result.ProgramOutput);
    }

    [Fact]
    public async Task Placeholders_are_filled_in_only_when_asked_for()
    {
        var request = PeerRun.Request("succeed", "--stack={stack}", "{dryRun}");
        request = request with { Program = request.Program with { Arguments = [request.Program.Arguments[0], "succeed", "0", "{stack}/{project}/{dryRun}"] } };

        var verbatim = await EmbeddedEngine.RunAsync(request);
        var expanded = await EmbeddedEngine.RunAsync(request with { Program = request.Program with { ExpandsPlaceholders = true } });

        Assert.Equal("succeed 0 {stack}/{project}/{dryRun}", verbatim.Graph.Outputs["arguments"].AsText());
        Assert.Equal("succeed 0 dev/project/true", expanded.Graph.Outputs["arguments"].AsText());
    }

    [Fact]
    public async Task Progress_tells_the_start_every_resource_and_every_log()
    {
        var events = new ConcurrentQueue<EngineEvent>();
        await EmbeddedEngine.RunAsync(PeerRun.Request("log-error", "32"), new Collector(events));

        Assert.Collection(
            events,
            first => Assert.IsType<EngineEvent.Started>(first),
            second => Assert.Equal(1, Assert.IsType<EngineEvent.Registered>(second).Count),
            third => Assert.Equal("settings are wrong", Assert.IsType<EngineEvent.Logged>(third).Entry.Message));
    }

    [Fact]
    public async Task A_crash_keeps_what_the_program_wrote_last_and_what_it_had_declared()
    {
        var result = await PeerRun.RunAsync("crash");

        Assert.Equal(ProgramOutcome.Failed, result.Outcome);
        Assert.Equal(134, result.ExitCode);
        var problem = Assert.Single(result.Diagnostics).Message;
        Assert.Contains("exited with 134", problem, StringComparison.Ordinal);
        Assert.Contains("the peer fell over", problem, StringComparison.Ordinal);
        Assert.Single(result.Graph.Resources);
    }

    [Theory]
    [InlineData("exit 3", "the program exited with 3 without any output")]
    [InlineData("exit 0", "never called the engine")]
    [InlineData("be-killed", "the program exited with 137 (it was killed by signal 9) without any output")]
    [InlineData("exit-after-log 0", "never registered its stack")]
    [InlineData("exit-after-stack 32", "it reported an error, but it reported none")]
    [InlineData("exit-after-stack 0", "before it had finished: it never called SignalAndWaitForShutdown")]
    [InlineData("leave-before-signal", "never called SignalAndWaitForShutdown")]
    [InlineData("leave-without-outputs", "never registered the outputs of its stack")]
    public async Task A_program_that_leaves_early_has_failed(string behaviour, string expected)
    {
        var result = await PeerRun.RunAsync(behaviour.Split(' '));

        Assert.Equal(ProgramOutcome.Failed, result.Outcome);
        Assert.Contains(expected, Assert.Single(result.Diagnostics).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("32")]
    [InlineData("1")]
    [InlineData("0")]
    public async Task A_program_that_logs_an_error_is_refused_for_that_error(string exitCode)
    {
        var result = await PeerRun.RunAsync("log-error", exitCode);

        Assert.Equal(ProgramOutcome.Refused, result.Outcome);
        Assert.Equal("settings are wrong", Assert.Single(result.Diagnostics).Message);
        Assert.Equal(LogSeverity.Error, Assert.Single(result.Graph.Logs).Severity);
    }

    [Fact]
    public async Task A_refused_registration_stops_the_program_and_is_reported_once()
    {
        var result = await PeerRun.RunAsync("misspell");

        Assert.Equal(ProgramOutcome.Refused, result.Outcome);
        var problem = Assert.Single(result.Diagnostics);
        Assert.Equal("aws:ec2/vpc:Vpc 'main': property 'cidrBlok' is not a known property; did you mean 'cidrBlock'?", problem.Message);
        Assert.Equal("cidrBlok", problem.Property);
    }

    [Fact]
    public async Task Continuing_on_errors_finds_every_problem_in_one_run()
    {
        var result = await EmbeddedEngine.RunAsync(PeerRun.Request("misspell-twice") with { ContinueOnError = true });

        Assert.Equal(ProgramOutcome.Refused, result.Outcome);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(2, result.Diagnostics.Length);
    }

    [Fact]
    public async Task A_silent_program_is_ended_with_everything_it_started_and_explained()
    {
        // The silence counts from the start of the program: where a busy machine did not get it to its last line within that, it has longer.
        var limit = TimeSpan.FromSeconds(5);
        var result = await RunAsync();
        for (; result.ProgramOutput.Length == 0 && limit < Waiting.Limit; result = await RunAsync())
            limit *= 2;

        Assert.Equal(ProgramOutcome.Failed, result.Outcome);
        Assert.Null(result.ExitCode);
        var problem = Assert.Single(result.Diagnostics).Message;
        Assert.Contains("never called SignalAndWaitForShutdown", problem, StringComparison.Ordinal);
        Assert.Contains("2 resources registered", problem, StringComparison.Ordinal);
        Assert.Contains("registration of aws:ec2/vpc:Vpc 'last'", problem, StringComparison.Ordinal);
        AssertGone(int.Parse(Assert.Single(result.ProgramOutput), null));

        Task<DeploymentResult> RunAsync() => EmbeddedEngine.RunAsync(PeerRun.Request("hang") with { SilenceLimit = limit });
    }

    [Fact]
    public async Task Cancelling_ends_the_program()
    {
        using var cancel = new CancellationTokenSource();
        var registered = new CallbackProgress(happened =>
        {
            if (happened is EngineEvent.Registered { Count: 2 })
                cancel.Cancel();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => EmbeddedEngine.RunAsync(PeerRun.Request("hang"), registered, cancel.Token));
    }

    [Theory]
    [InlineData("no-such-executable-anywhere", ".", "no-such-executable-anywhere")]
    [InlineData("dotnet", "no-such-directory", "no-such-directory does not exist")]
    public async Task A_program_that_cannot_be_started_is_a_failure_and_no_exception(string fileName, string directory, string expected)
    {
        var request = PeerRun.Request() with { Program = new ProgramStart(fileName, [], Path.Combine(AppContext.BaseDirectory, directory)) };
        var result = await EmbeddedEngine.RunAsync(request);

        Assert.Equal(ProgramOutcome.Failed, result.Outcome);
        Assert.Contains(expected, Assert.Single(result.Diagnostics).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flood_of_output_leaves_the_last_lines()
    {
        var result = await PeerRun.RunAsync("flood-output", "5000");

        Assert.Equal(ProgramOutcome.Succeeded, result.Outcome);
        Assert.Equal(1_000, result.ProgramOutput.Length);
        Assert.Equal("line 4999", result.ProgramOutput[^1]);
    }

    [Fact]
    public async Task A_flood_of_logs_is_cut_and_says_so()
    {
        var result = await PeerRun.RunAsync("flood-logs", (LogBuffer.MaxEntries + 500).ToString((IFormatProvider?)null));

        Assert.Equal(ProgramOutcome.Succeeded, result.Outcome);
        Assert.Equal(LogBuffer.MaxEntries + 1, result.Graph.Logs.Length);
        Assert.Contains(result.Graph.Logs, entry => entry.Message == "500 more log messages are not shown");
    }

    [Fact]
    public async Task Debug_messages_are_not_kept_since_their_order_is_chance()
    {
        var result = await PeerRun.RunAsync("flood-logs", "3");

        Assert.Equal(["message 0", "message 1", "message 2"], result.Graph.Logs.Select(entry => entry.Message));
    }

    [Fact]
    public async Task Thousands_of_concurrent_registrations_all_arrive()
    {
        var result = await PeerRun.RunAsync("flood-resources", "3000");

        Assert.Empty(result.Diagnostics);
        Assert.Equal(3_001, result.Graph.Resources.Length);
        // Not in the order of their arrival, which no two runs have in common.
        var urns = result.Graph.Resources.Select(resource => resource.Urn).ToList();
        Assert.Equal(result.Graph.Resources[0].Urn, urns.Single(urn => urn.Contains("pulumi:pulumi:Stack", StringComparison.Ordinal)));
        Assert.Equal(urns.Skip(1).Order(StringComparer.Ordinal), urns.Skip(1));
    }

    private static void AssertGone(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            // Ended but not yet reaped by whoever inherited it counts as gone.
            Assert.True(process.WaitForExit(Waiting.Limit) || process.HasExited);
        }
        catch (ArgumentException)
        {
            // There is no such process any more.
        }
    }

    private sealed class Collector(ConcurrentQueue<EngineEvent> events) : IProgress<EngineEvent>
    {
        public void Report(EngineEvent value) => events.Enqueue(value);
    }

    private sealed class CallbackProgress(Action<EngineEvent> callback) : IProgress<EngineEvent>
    {
        public void Report(EngineEvent value) => callback(value);
    }
}
