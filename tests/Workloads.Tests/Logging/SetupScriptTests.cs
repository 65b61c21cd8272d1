using System.Text.Json;
using HaCluster.Stack.Logging.Setup;
using HaCluster.Workloads.Tests.Peers;

namespace HaCluster.Workloads.Tests.Logging;

/// <summary>The setup of OpenSearch, run by a real shell with a real curl.</summary>
public class SetupScriptTests
{
    private static readonly Tool Curl = new("curl", "curl");
    private static readonly Tool Shell = new("sh", "dash");

    [SkippableFact]
    public async Task Is_a_script_for_any_shell()
    {
        using var scratch = new Scratch();
        var script = scratch.Write(SetupFiles.Script, SetupScript.Text);

        Assert.Equal((0, ""), await Shell.RunAsync(scratch.Path, "-n", script));
    }

    [SkippableFact]
    public async Task A_new_domain_gets_every_set_up_step_in_order()
    {
        using var search = new LoopbackSearch((request, _) => New(request));

        var (exit, output) = await RunAsync(search);

        Assert.True(exit == 0, output);
        var told = search.Requests.Where(request => request.Method != "GET").ToArray();
        Assert.Equal(SetupDocuments.Steps.Select(step => step.Verb == "post-each" ? step.Path + "2026" : step.Path), told.Select(request => request.PathAndQuery));
        Assert.Equal(SetupDocuments.Steps.Select(step => step.Document), told.Select(request => request.Body));
        Assert.All(told.Zip(SetupDocuments.Steps), pair => Assert.Equal(pair.Second.Verb.StartsWith("post", StringComparison.Ordinal) ? "POST" : "PUT", pair.First.Method));
        Assert.Equal("/", search.Requests[0].PathAndQuery);
    }

    [SkippableFact]
    public async Task What_is_there_is_replaced_by_naming_its_version()
    {
        using var search = new LoopbackSearch((_, _) => (200, """{"_id":"x","_version":3,"_seq_no":41,"_primary_term":2,"policy":{"a":1}}"""));

        var (exit, output) = await RunAsync(search);

        Assert.True(exit == 0, output);
        var versioned = SetupDocuments.Steps.Where(step => step.Verb.EndsWith("-version", StringComparison.Ordinal)).ToArray();
        Assert.Equal(4, versioned.Length);
        Assert.All(versioned, step => Assert.Single(
            search.Requests, request => request.Method == "PUT" && request.PathAndQuery == $"{step.Path}?if_primary_term=2&if_seq_no=41" && request.Body == step.Document));
    }

    [SkippableFact]
    public async Task Every_request_carries_a_signature_that_holds()
    {
        using var search = new LoopbackSearch((_, _) => (200, """{"_seq_no":1,"_primary_term":1}"""));

        var (exit, output) = await RunAsync(search);

        Assert.True(exit == 0, output);
        Assert.All(search.Requests, request =>
        {
            Assert.Equal(LoopbackSearch.SessionToken, request.Token);
            Assert.Equal(SignatureV4.Expected(request, LoopbackSearch.Secret), SignatureV4.Of(request));
        });
    }

    [SkippableFact]
    public async Task A_domain_that_is_not_ready_is_waited_for()
    {
        // Not there, then without its roles; and once busy in the midst of it.
        using var search = new LoopbackSearch((request, number) => number switch
        {
            0 => (503, "starting"),
            1 => (403, "no permissions"),
            4 => (429, "busy"),
            _ => New(request),
        });

        var (exit, output) = await RunAsync(search);

        Assert.True(exit == 0, output);
        Assert.Equal(["/", "/", "/"], search.Requests.Take(3).Select(request => request.PathAndQuery));
        Assert.Equal(search.Requests[4].PathAndQuery, search.Requests[5].PathAndQuery);
    }

    [SkippableFact]
    public async Task A_refusal_ends_it_with_the_reason()
    {
        using var search = new LoopbackSearch((request, _) => request.PathAndQuery.StartsWith("/_index_template/", StringComparison.Ordinal)
            ? (400, """{"error":"mapper_parsing_exception"}""")
            : (200, "{}"));

        var (exit, output) = await RunAsync(search);

        Assert.Equal(1, exit);
        Assert.Contains("refused with status 400", output, StringComparison.Ordinal);
        Assert.Contains("mapper_parsing_exception", output, StringComparison.Ordinal);
        Assert.StartsWith("/_index_template/", search.Requests[^1].PathAndQuery, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_silent_program_is_ended_too()
    {
        using var search = new LoopbackSearch((_, _) => (503, "never"));

        var (exit, output) = await RunAsync(search, waitSeconds: 0);

        Assert.Equal(1, exit);
        Assert.Contains("timed out, last status 503", output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Indices_that_do_not_exist_yet_need_no_new_policy()
    {
        using var search = new LoopbackSearch((request, _) => request.PathAndQuery.StartsWith("/_cat/", StringComparison.Ordinal) ? (200, ".kibana_1\n") : New(request));

        var (exit, output) = await RunAsync(search);

        Assert.True(exit == 0, output);
        Assert.DoesNotContain(search.Requests, request => request.PathAndQuery.Contains("change_policy", StringComparison.Ordinal));
    }

    [Fact]
    public void Documents_are_JSON_and_paths_have_no_blanks()
    {
        Assert.All(SetupDocuments.Steps, step =>
        {
            Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(step.Document).RootElement.ValueKind);
            Assert.Matches(@"^/_[A-Za-z0-9_/.-]+\z", step.Path);
        });
    }

    // A domain that has some indices and none of what it is told.
    private static (int, string) New(SearchRequest request) =>
        request.Method != "GET" || request.PathAndQuery == "/" ? (200, "{}")
        : request.PathAndQuery == "/_cat/indices?h=index" ? (200, ".kibana_1\napplication-2026\naudit-2026 \nledger.2026\nledgers-2026\nother-audit-2026\n")
        : (404, "{}");

    private static async Task<(int ExitCode, string Output)> RunAsync(LoopbackSearch search, int waitSeconds = 60)
    {
        using var scratch = new Scratch();
        foreach (var (name, content) in SetupDocuments.Files.ByName)
            scratch.Write(name, content);
        Directory.CreateDirectory(Path.Combine(scratch.Path, "work"));
        Curl.Require();
        var environment = new Dictionary<string, string?>
        {
            ["ENDPOINT"] = search.Address,
            ["REGION"] = "eu-central-1",
            ["STEPS"] = scratch.Path,
            ["WORK"] = Path.Combine(scratch.Path, "work"),
            ["WAIT_SECONDS"] = waitSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["PAUSE_SECONDS"] = "0",
            ["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = search.CredentialsAddress,
            ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = scratch.Write("token", LoopbackSearch.PodToken),
            ["NO_PROXY"] = "*",
            ["no_proxy"] = "*",
        };
        var ended = await Programs.RunAsync(Shell.Require(), [Path.Combine(scratch.Path, SetupFiles.Script)], environment: environment);
        return (ended.ExitCode, ended.Text);
    }
}
