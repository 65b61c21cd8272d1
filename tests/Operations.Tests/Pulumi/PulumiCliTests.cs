using System.Diagnostics;
using HaCluster.Operations.Pulumi;

namespace HaCluster.Operations.Tests.Pulumi;

/// <summary>
/// Against a stand-in: a shell script that writes event logs in the format of the public documentation
/// (https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/events.go) and the words of Pulumi's errors. It is not Pulumi.
/// </summary>
public sealed class PulumiCliTests : IDisposable
{
    private const string Urn = "urn:pulumi:prod::ha-cluster::aws:eks/nodeGroup:NodeGroup::general";
    private static readonly PulumiOptions Options = new();
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ha-cluster-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [SkippableFact]
    public async Task A_preview_gives_its_steps_its_changes_and_progress()
    {
        var events = new[]
        {
            """{"sequence":0,"timestamp":1767323045,"preludeEvent":{"config":{}}}""",
            $$"""{"sequence":1,"timestamp":1,"resourcePreEvent":{"metadata":{"op":"update","urn":"{{Urn}}","type":"aws:eks/nodeGroup:NodeGroup","diffs":["scalingConfig"],"keys":null,"logical":true,"provider":"p","old":null,"new":null},"planning":true} }""",
            """{"sequence":2,"timestamp":1,"resourcePreEvent":{"metadata":{"op":"same","urn":"urn:pulumi:prod::ha-cluster::aws:eks/cluster:Cluster::c","type":"aws:eks/cluster:Cluster","diffs":null},"planning":true}}""",
            $$"""{"sequence":3,"timestamp":1,"resOutputsEvent":{"metadata":{"op":"update","urn":"{{Urn}}","type":"aws:eks/nodeGroup:NodeGroup","diffs":["scalingConfig"]},"planning":true} }""",
            $$"""{"sequence":4,"timestamp":1,"diagnosticEvent":{"urn":"{{Urn}}","prefix":"warning: ","message":"it is old\n","color":"never","severity":"warning"} }""",
            """{"sequence":5,"timestamp":1,"summaryEvent":{"maybeCorrupt":false,"durationSeconds":7,"resourceChanges":{"same":1,"update":1},"PolicyPacks":{}}}""",
        };
        var reports = new List<PulumiProgress>();

        var result = await Cli(events).PreviewAsync("prod", Options with { Targets = [Urn], Parallel = 4 }, new Reports(reports), None);

        var step = Assert.Single(result.Steps);
        Assert.Equal(("update", "general", "scalingConfig", false), (step.Operation, step.Name, Assert.Single(step.ChangedProperties), step.IsFailed));
        Assert.Equal((1, 1, TimeSpan.FromSeconds(7)), (result.Changes["same"], result.Changes["update"], result.Duration));
        Assert.Equal("general: it is old", Assert.Single(result.Warnings));
        Assert.Contains(reports, report => report is { Operation: "update", IsDone: true, Done: 1 });
        var arguments = await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "arguments"));
        Assert.StartsWith($"preview --diff --stack prod --non-interactive --color never --suppress-outputs --target {Urn} --parallel 4 --event-log ", arguments, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_failed_update_names_the_resource_and_the_error_and_hides_secrets()
    {
        Environment.SetEnvironmentVariable("PULUMI_CONFIG_PASSPHRASE", "correct-horse");
        var events = new[]
        {
            $$"""{"resOpFailedEvent":{"metadata":{"op":"update","urn":"{{Urn}}","type":"t"},"status":400,"steps":1} }""",
            $$"""{"diagnosticEvent":{"urn":"{{Urn}}","message":"the passphrase is correct-horse","severity":"error"} }""",
        };

        var failure = await Assert.ThrowsAsync<HaClusterException>(() => Cli(events, code: 255).UpAsync("prod", Options, null, None));

        Assert.Equal((FailureKind.PulumiFailed, "pulumi up", "prod"), (failure.Kind, failure.Call, failure.Target));
        Assert.Contains("general: the passphrase is [secret]", failure.Message, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions", FailureKind.PulumiNotLoggedIn, "pulumi login")]
    [InlineData("error: [409] Conflict: Another update is currently in progress.", FailureKind.StackLocked, "pulumi cancel --stack prod")]
    [InlineData("error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.\\n  s3://b/.pulumi/locks/organization/ha-cluster/prod/1.json: created by ada@laptop (pid 4711) at 2026-01-02T03:04:05Z", FailureKind.StackLocked, "locked by ada@laptop (process 4711) since 2026-01-02T03:04:05Z")]
    [InlineData("error: no stack named 'prod' found", FailureKind.StackNotFound, "pulumi stack ls")]
    [InlineData("error: constructing secrets manager of type \"passphrase\": unable to find either `PULUMI_CONFIG_PASSPHRASE` or `PULUMI_CONFIG_PASSPHRASE_FILE`", FailureKind.PulumiSecretsLocked, "PULUMI_CONFIG_PASSPHRASE")]
    [InlineData("error: incorrect passphrase", FailureKind.PulumiSecretsLocked, "PULUMI_CONFIG_PASSPHRASE")]
    [InlineData("error: no Pulumi.yaml project file found (searching upwards from /x).", FailureKind.InvalidInput, "Pulumi.yaml")]
    public async Task What_pulumi_refuses_has_its_kind_and_what_to_do(string words, FailureKind kind, string text)
    {
        var failure = await Assert.ThrowsAsync<HaClusterException>(() => Cli([], words, 255).ReadOutputsAsync("prod", None));

        Assert.Equal(kind, failure.Kind);
        Assert.Contains(text, failure.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Outputs_are_read_as_json_and_anything_else_is_not_understood()
    {
        Assert.Equal("prod", (string?)(await Cli([], output: """{"clusterName":"prod"}""").ReadOutputsAsync("prod", None))["clusterName"]);
        var failure = await Assert.ThrowsAsync<HaClusterException>(() => Cli([], output: "Welcome!").ReadOutputsAsync("prod", None));
        Assert.Equal(FailureKind.NotUnderstood, failure.Kind);
    }

    [Fact]
    public async Task A_missing_program_is_named_with_the_install_link()
    {
        var failure = await Assert.ThrowsAsync<HaClusterException>(() => new PulumiCli(_folder.FullName, "no-such-pulumi").ReadVersionAsync(None));

        Assert.Equal(FailureKind.PulumiMissing, failure.Kind);
        Assert.Contains("https://www.pulumi.com/docs/install/", failure.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_cancelled_update_is_interrupted_once_and_the_caller_does_not_wait()
    {
        Skip.If(OperatingSystem.IsWindows(), "the stand-in is a shell script");
        var marks = Path.Combine(_folder.FullName, "marks");
        var program = Script($"trap 'echo interrupted >> {marks}; exit 1' INT\necho started >> {marks}\nwhile :; do sleep 0.05; done\n");
        using var cancelled = new CancellationTokenSource();
        var run = new PulumiCli(_folder.FullName, program).UpAsync("prod", Options, null, cancelled.Token);
        await WaitForAsync(marks, "started");
        var clock = Stopwatch.StartNew();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);

        // The script itself would run forever.
        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1));
        await WaitForAsync(marks, "interrupted");
    }

    [SkippableFact]
    public async Task The_real_pulumi_says_its_version()
    {
        Skip.IfNot(
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "pulumi")) || File.Exists(Path.Combine(folder, "pulumi.exe"))),
            "needs pulumi on PATH");

        Assert.StartsWith("v", await new PulumiCli(_folder.FullName).ReadVersionAsync(None), StringComparison.Ordinal);
    }

    private static async Task WaitForAsync(string file, string text)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!File.Exists(file) || !(await File.ReadAllTextAsync(file, limit.Token)).Contains(text, StringComparison.Ordinal))
            await Task.Delay(20, limit.Token);
    }

    private PulumiCli Cli(IEnumerable<string> events, string error = "", int code = 0, string output = "")
    {
        Skip.If(OperatingSystem.IsWindows(), "the stand-in is a shell script");
        var (log, words, answer) = (Path.Combine(_folder.FullName, "events"), Path.Combine(_folder.FullName, "words"), Path.Combine(_folder.FullName, "output"));
        File.WriteAllLines(log, events);
        File.WriteAllText(words, error.Replace("\\n", "\n", StringComparison.Ordinal));
        File.WriteAllText(answer, output);
        return new PulumiCli(_folder.FullName, Script($"""
            echo "$*" > {_folder.FullName}/arguments
            while [ $# -gt 0 ]; do [ "$1" = --event-log ] && cp {log} "$2"; shift; done
            cat {answer}
            cat {words} >&2
            exit {code}
            """));
    }

    private string Script(string body)
    {
        var path = Path.Combine(_folder.FullName, $"pulumi-{Path.GetRandomFileName()}");
        File.WriteAllText(path, $"#!/bin/sh\n{body}");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    private sealed class Reports(List<PulumiProgress> reports) : IProgress<PulumiProgress>
    {
        public void Report(PulumiProgress value)
        {
            lock (reports)
                reports.Add(value);
        }
    }
}
