using HaCluster.Operations.Pulumi;

namespace HaCluster.Operations.Tests.Pulumi;

/// <summary>How Pulumi is called and what its refusals mean, against a <see cref="StandIn"/>.</summary>
public sealed class PulumiCliTests : IDisposable
{
    private const string Urn = "urn:pulumi:prod::ha-cluster::aws:eks/nodeGroup:NodeGroup::general";
    private static readonly PulumiOptions Options = new();
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly StandIn pulumi = new();

    public void Dispose() => pulumi.Dispose();

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
        var reports = new Reports();

        var result = await pulumi.Saying(events).PreviewAsync("prod", Options with { Targets = [Urn], Parallel = 4 }, reports, None);

        var step = Assert.Single(result.Steps);
        Assert.Equal(("update", "general", "scalingConfig", false), (step.Operation, step.Name, Assert.Single(step.ChangedProperties), step.IsFailed));
        Assert.Equal((1, 1, TimeSpan.FromSeconds(7)), (result.Changes["same"], result.Changes["update"], result.Duration));
        Assert.Equal("general: it is old", Assert.Single(result.Warnings));
        Assert.Contains(reports.All, report => report is { Operation: "update", IsDone: true, Done: 1 });
        Assert.StartsWith($"preview --diff --stack prod --non-interactive --color never --suppress-outputs --target {Urn} --parallel 4 --event-log ", pulumi.Arguments, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_failed_update_names_the_resource_and_the_error_and_nothing_shows_a_secret()
    {
        using var passphrase = new Secret("PULUMI_CONFIG_PASSPHRASE", "correct-horse");
        using var token = new Secret("PULUMI_ACCESS_TOKEN", "pul-0123456789");
        var events = new[]
        {
            $$"""{"resOpFailedEvent":{"metadata":{"op":"update","urn":"{{Urn}}","type":"t"},"status":400,"steps":1} }""",
            $$"""{"diagnosticEvent":{"urn":"{{Urn}}","message":"the passphrase is correct-horse","severity":"error"} }""",
            """{"stdoutEvent":{"message":"the token is pul-0123456789"}}""",
            """{"policyEvent":{"message":"correct-horse","policyName":"p","policyPackName":"q","enforcementLevel":"advisory"}}""",
        };
        var reports = new Reports();

        var failure = await Assert.ThrowsAsync<HaClusterException>(() => pulumi.Saying(events, "error: correct-horse", code: 255, answer: "pul-0123456789").UpAsync("prod", Options, reports, None));

        Assert.Equal((FailureKind.PulumiFailed, "pulumi up", "prod"), (failure.Kind, failure.Call, failure.Target));
        Assert.Contains("general: the passphrase is [secret]", failure.Message, StringComparison.Ordinal);
        Assert.All([$"{failure}", .. reports.All.Select(report => $"{report}"), .. pulumi.Trace], text =>
        {
            Assert.DoesNotContain("correct-horse", text, StringComparison.Ordinal);
            Assert.DoesNotContain("pul-0123456789", text, StringComparison.Ordinal);
        });
        Assert.Contains(pulumi.Trace, line => line.StartsWith("pulumi up --yes --skip-preview --stack prod", StringComparison.Ordinal));
    }

    /// <summary>The words are those of pkg/backend, pkg/secrets and pkg/workspace of https://github.com/pulumi/pulumi.</summary>
    [SkippableTheory]
    [InlineData(255, "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions", FailureKind.PulumiNotLoggedIn, "pulumi login")]
    [InlineData(3, "error: this command requires logging in; try running `pulumi login` first", FailureKind.PulumiNotLoggedIn, "pulumi login")]
    [InlineData(3, "error: SAML SSO authentication is required. Log in at:\n\n    https://app.pulumi.com/signin/sso/acme/reauth\n", FailureKind.PulumiNotLoggedIn, "https://app.pulumi.com/signin/sso/acme/reauth")]
    [InlineData(3, "error: [403] You do not have permission to perform this action", FailureKind.PermissionDenied, "pulumi whoami")]
    [InlineData(1, "error: read \".pulumi/meta.yaml\": blob (key \".pulumi/meta.yaml\") (code=Unknown): operation error S3: GetObject, api error ExpiredToken: The provided token has expired.", FailureKind.CredentialsExpired, "aws sso login")]
    [InlineData(1, "error: could not list bucket: blob (code=Unknown): operation error S3: ListObjectsV2, https response error StatusCode: 403, api error AccessDenied: Access Denied", FailureKind.PermissionDenied, "AccessDenied")]
    [InlineData(1, "error: [409] Conflict: Another update is currently in progress.\nTo learn more about possible reasons and resolution, visit https://www.pulumi.com/docs/support/troubleshooting/common-issues/update-conflicts/", FailureKind.StackLocked, "pulumi cancel --stack prod")]
    [InlineData(1, "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.\n  s3://b/.pulumi/locks/organization/ha-cluster/prod/1.json: created by ada@laptop (pid 4711) at 2026-01-02T03:04:05Z", FailureKind.StackLocked, "locked by ada@laptop (process 4711) since 2026-01-02T03:04:05Z")]
    [InlineData(1, "error: the stack is currently locked by 2 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.\n  file:///l/1.json: created by ACME\\Ada King@pc (pid 1) at 2026-01-02T03:04:05+01:00\n  file:///l/2.json: created by ci@runner (pid 2) at 2026-01-02T03:05:05Z", FailureKind.StackLocked, "locked by ACME\\Ada King@pc (process 1) since 2026-01-02T03:04:05+01:00, and by ci@runner (process 2) since 2026-01-02T03:05:05Z")]
    [InlineData(6, "error: no stack named 'prod' found", FailureKind.StackNotFound, "pulumi stack init prod")]
    [InlineData(1, "error: constructing secrets manager of type \"passphrase\": passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables", FailureKind.PulumiSecretsLocked, "cannot be read")]
    [InlineData(1, "error: failed to decrypt: incorrect passphrase, please set PULUMI_CONFIG_PASSPHRASE to the correct passphrase or set PULUMI_CONFIG_PASSPHRASE_FILE to a file containing the passphrase", FailureKind.PulumiSecretsLocked, "is wrong")]
    [InlineData(1, "error: Could not automatically download and install resource plugin 'pulumi-resource-aws' at version v7.48.0, install the plugin using `pulumi plugin install resource aws v7.48.0`: dial tcp: lookup get.pulumi.com: no such host", FailureKind.PulumiFailed, "pulumi plugin install resource aws v7.48.0")]
    [InlineData(1, "error: no Pulumi.yaml project file found (searching upwards from /x).", FailureKind.InvalidInput, "Pulumi.yaml")]
    [InlineData(8, "error: update cancelled", FailureKind.PulumiFailed, "it was cancelled before it finished")]
    [InlineData(1, "error: something new", FailureKind.PulumiFailed, "error: something new")]
    public async Task What_pulumi_refuses_has_its_kind_and_what_to_do(int code, string words, FailureKind kind, string text)
    {
        var failure = await Assert.ThrowsAsync<HaClusterException>(() => pulumi.Saying([], words, code).UpAsync("prod", Options, null, None));

        Assert.Equal(kind, failure.Kind);
        Assert.Contains(text, failure.Message, StringComparison.Ordinal);
    }

    /// <summary>A provider may say of its own cloud what a backend says of itself.</summary>
    [SkippableFact]
    public async Task The_words_of_a_resource_are_not_taken_for_those_of_the_backend()
    {
        string[] log = [$$"""{"diagnosticEvent":{"urn":"{{Urn}}","message":"creating: AccessDenied: not authorized; run `pulumi login`","severity":"error"} }"""];
        var failure = await Assert.ThrowsAsync<HaClusterException>(() => pulumi.Saying(log, "error: AccessDenied, run `pulumi login`, incorrect passphrase", code: 1).UpAsync("prod", Options, null, None));

        Assert.Equal(FailureKind.PulumiFailed, failure.Kind);
        Assert.Contains("general: creating: AccessDenied", failure.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Outputs_are_read_as_json_with_their_secrets_hidden_and_anything_else_is_not_understood()
    {
        // As https://github.com/pulumi/pulumi/blob/master/pkg/backend/display/json.go hides them.
        var outputs = await pulumi.Saying([], answer: """{"clusterName":"prod","kubeconfig":"[secret]"}""").ReadOutputsAsync("prod", None);
        Assert.Equal(("prod", "[secret]"), ((string?)outputs["clusterName"], (string?)outputs["kubeconfig"]));
        Assert.DoesNotContain("--show-secrets", pulumi.Arguments, StringComparison.Ordinal);
        var failure = await Assert.ThrowsAsync<HaClusterException>(() => pulumi.Saying([], answer: "Welcome!").ReadOutputsAsync("prod", None));
        Assert.Equal(FailureKind.NotUnderstood, failure.Kind);
    }

    [Fact]
    public async Task A_missing_program_is_named_with_the_install_link()
    {
        var failure = await Assert.ThrowsAsync<HaClusterException>(() => new PulumiCli(pulumi.Folder, "no-such-pulumi").ReadVersionAsync(None));

        Assert.Equal(FailureKind.PulumiMissing, failure.Kind);
        Assert.Contains("https://www.pulumi.com/docs/install/", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>A second interrupt would make Pulumi drop what it is doing.</summary>
    [SkippableFact]
    public async Task A_cancelled_update_is_interrupted_once_and_the_caller_does_not_wait()
    {
        var marks = Path.Combine(pulumi.Folder, "marks");
        var cli = pulumi.Running($"""
            trap 'echo interrupted >> {marks}' INT
            echo started >> {marks}
            while [ ! -e {pulumi.Folder}/may-end ]; do sleep 0.05; done
            echo ended >> {marks}
            """);
        var reports = new Reports();
        using var cancelled = new CancellationTokenSource();
        var run = cli.UpAsync("prod", Options, reports, cancelled.Token);
        await UntilAsync(marks, "started");
        await cancelled.CancelAsync();

        // While the program still runs: it would never end by itself.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await UntilAsync(marks, "interrupted");
        await File.WriteAllTextAsync(Path.Combine(pulumi.Folder, "may-end"), "");
        await UntilAsync(marks, "ended");
        Assert.Equal("started\ninterrupted\nended\n", await File.ReadAllTextAsync(marks));
    }

    /// <summary>The log has inputs and outputs of resources.</summary>
    [SkippableFact]
    public async Task The_event_log_of_a_cancelled_update_goes_when_pulumi_has_ended()
    {
        var where = Path.Combine(pulumi.Folder, "where");
        var cli = pulumi.Running($"""
            trap 'exit 1' INT
            for argument; do last=$argument; done
            echo '{"{}"}' > "$last"
            echo "$last" > {where}
            while :; do sleep 0.05; done
            """);
        using var cancelled = new CancellationTokenSource();
        var run = cli.RefreshAsync("prod", Options, null, cancelled.Token);
        await UntilAsync(where, "events.json");
        var log = (await File.ReadAllTextAsync(where)).Trim();
        Assert.True(File.Exists(log));
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await Waiting.UntilAsync("the log is gone", () => !Directory.Exists(Path.GetDirectoryName(log)));
    }

    [SkippableFact]
    public async Task The_real_pulumi_says_its_version()
    {
        Skip.IfNot(
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "pulumi")) || File.Exists(Path.Combine(folder, "pulumi.exe"))),
            "needs pulumi on PATH");

        Assert.StartsWith("v", await new PulumiCli(pulumi.Folder).ReadVersionAsync(None), StringComparison.Ordinal);
    }

    private static Task UntilAsync(string file, string text) =>
        Waiting.UntilAsync($"{file} says {text}", () => File.Exists(file) && File.ReadAllText(file).Contains(text, StringComparison.Ordinal));

    /// <summary>A variable of this process, for a while.</summary>
    private sealed class Secret : IDisposable
    {
        private readonly string name;

        public Secret(string name, string value) => Environment.SetEnvironmentVariable(this.name = name, value);

        public void Dispose() => Environment.SetEnvironmentVariable(name, null);
    }
}
