extern alias program;

using System.Text.Json.Nodes;
using HaCluster.Operations.Backups;
using SetupScript = program::HaCluster.Stack.Logging.Setup.SetupScript;

namespace HaCluster.Operations.Tests.Operating;

/// <summary>A snapshot of OpenSearch is taken by a job with the identity of the stack's set-up job; its script runs here in a real shell with the stack's own script.</summary>
public sealed class SearchSnapshotTests : OperatingTests
{
    private const string Config = """{"repository":"snapshots","indices":"finance-*,audit-*","ignore_unavailable":true,"include_global_state":false,"partial":false}""";

    public SearchSnapshotTests()
    {
        Setup("search-setup-old", "2026-11-01T00:00:00Z", "curl:old");
        Setup("search-setup-new", "2026-11-20T00:00:00Z", "curl:new");
        Put("configmaps", "logging", "search-setup-new", $$"""{"data":{"setup.sh":"...","12-_plugins-_sm-policies-daily.json":{{JsonValue.Create($$"""{"enabled":true,"snapshot_config":{{Config}}}""").ToJsonString()}} } }""");
    }

    [Fact]
    public async Task The_job_has_the_identity_labels_and_image_of_the_newest_set_up_and_the_indices_of_the_nightly_snapshots()
    {
        var result = await RunAsync(new StartBackup("logs", null, Limit));
        Assert.Equal(OperationState.Succeeded, result.State);
        var job = Assert.Single(World.All("jobs"), one => ((string)one["metadata"]!["name"]!).StartsWith("search-snapshot-2026", StringComparison.Ordinal));
        var (pod, container) = (job["spec"]!["template"]!["spec"]!, job["spec"]!["template"]!["spec"]!["containers"]![0]!);
        Assert.Equal(("search-setup", "curl:new", "/setup"), ((string?)pod["serviceAccountName"], (string?)container["image"], (string?)container["volumeMounts"]![0]!["mountPath"]));
        Assert.Equal("""{"app.kubernetes.io/name":"search-setup"}""", job["spec"]!["template"]!["metadata"]!["labels"]!.ToJsonString());
        Assert.Equal("1800", (string?)container["env"]![1]!["value"]);
        var words = container["command"]!.AsArray().Select(word => (string)word!).ToList();
        Assert.Equal("/setup/setup.sh", words[4]);
        Assert.StartsWith("/_snapshot/snapshots/manual-2026", words[5], StringComparison.Ordinal);
        Assert.Equal("""{"indices":"finance-*,audit-*","ignore_unavailable":true,"include_global_state":false,"partial":false}""", words[6]);
    }

    [Fact]
    public async Task Without_a_repository_in_the_set_up_it_is_refused()
    {
        World.Remove("configmaps", Find("configmaps", "logging", "search-setup-new")!);
        Assert.Contains("into which repository", (await RefusedAsync(new StartBackup("logs", null, Limit))).Reason, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("SUCCESS", false, false, 0, 1)]
    [InlineData("SUCCESS", true, false, 0, 0)]
    [InlineData("SUCCESS", false, true, 0, 2)]
    [InlineData("PARTIAL", false, false, 1, 1)]
    [InlineData("FAILED", false, false, 1, 1)]
    [InlineData("IN_PROGRESS", false, false, 1, 1)]
    public async Task The_script_takes_the_snapshot_once_waits_for_its_end_and_fails_with_it(string end, bool isThere, bool losesAnswer, int exitCode, int puts)
    {
        Skip.If(OperatingSystem.IsWindows() || Programs.Find("curl") is null, "needs sh and curl");
        var folder = Directory.CreateTempSubdirectory("ha-search-");
        var (polls, asked) = (0, new List<string>());
        using var search = new Fakes.FakeAws(request =>
        {
            var path = request.Path.Split('?')[0];
            if (path == "/credentials")
                return (200, """{"AccessKeyId":"AKIAIOSFODNN7EXAMPLE","SecretAccessKey":"not-a-secret","Token":"session"}""");
            if (path == "/")
                return (200, "{}");
            lock (asked)
            {
                asked.Add($"{request.Method} {request.Body}");
                if (request.Method == "PUT")
                {
                    var wasThere = isThere;
                    isThere = true;
                    return wasThere ? (400, """{"error":{"type":"invalid_snapshot_name_exception"},"status":400}""") : losesAnswer ? (503, "{}") : (200, """{"accepted":true}""");
                }
                return !isThere ? (404, """{"error":{"type":"snapshot_missing_exception"},"status":404}""")
                    : ++polls == 1 && end != "IN_PROGRESS" ? (503, "{}")
                    : (200, $$"""{"snapshots":[{"snapshot":"manual-1","state":"{{(polls < 4 ? "IN_PROGRESS" : end)}}"}]}""");
            }
        });
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "setup.sh"), SetupScript.Text.ReplaceLineEndings("\n"));
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "token"), "token");
            var ended = await Programs.RunAsync(
                "/bin/sh", ["-euc", SearchSnapshotJob.Script.ReplaceLineEndings("\n"), "snapshot", Path.Combine(folder.FullName, "setup.sh"), "/_snapshot/snapshots/manual-1", """{"indices":"a-*"}"""],
                environment: new Dictionary<string, string?>
                {
                    ["ENDPOINT"] = search.Endpoint.ToString().TrimEnd('/'),
                    ["REGION"] = "eu-central-1",
                    ["WORK"] = folder.FullName,
                    ["WAIT_SECONDS"] = end == "IN_PROGRESS" ? "5" : "60",
                    ["PAUSE_SECONDS"] = "0",
                    ["STEPS"] = "/not/used",
                    ["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = $"{search.Endpoint}credentials",
                    ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = Path.Combine(folder.FullName, "token"),
                });
            Assert.True(ended.ExitCode == exitCode, ended.Text);
            Assert.Equal(puts, asked.Count(line => line == """PUT {"indices":"a-*"}"""));
            if (exitCode != 0)
                Assert.Contains($"the snapshot is {(end == "IN_PROGRESS" ? "still in progress" : end)}", ended.Text, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private void Setup(string name, string createdAt, string image) => Put("jobs", "logging", name, $$"""
        { "metadata": { "creationTimestamp": "{{createdAt}}", "labels": { "app.kubernetes.io/name": "search-setup" } },
          "spec": { "template": { "metadata": { "labels": { "app.kubernetes.io/name": "search-setup", "job-name": "{{name}}", "controller-uid": "u" } },
            "spec": { "serviceAccountName": "search-setup", "restartPolicy": "Never",
              "containers": [ { "name": "search-setup", "image": "{{image}}", "command": ["/bin/sh", "/setup/setup.sh"], "env": [ { "name": "ENDPOINT", "value": "https://x" }, { "name": "WAIT_SECONDS", "value": "900" } ],
                                "volumeMounts": [ { "name": "files", "mountPath": "/setup" } ] } ],
              "volumes": [ { "name": "work", "emptyDir": {} }, { "name": "files", "configMap": { "name": "{{name}}" } } ] } } } }
        """);
}
