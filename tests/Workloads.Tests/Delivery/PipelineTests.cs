using HaCluster.Workloads.Tests.Peers;
using YamlDotNet.Serialization;

namespace HaCluster.Workloads.Tests.Delivery;

/// <summary>What GitLab itself would refuse, and what the words of the example promise.</summary>
public class PipelineTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "examples", "delivery");

    private static readonly string[] NotJobs = ["variables", "stages", "workflow", "default", "include"];

    [Fact]
    public void Every_job_has_a_stage_that_exists_a_script_and_a_pinned_image()
    {
        var pipeline = Pipeline();
        var stages = List(pipeline["stages"]);

        Assert.NotEmpty(Jobs(pipeline));
        foreach (var (name, job) in Jobs(pipeline))
        {
            Assert.Contains(job["stage"], stages);
            Assert.NotEmpty(List(job["script"]));
            var image = job["image"] is Dictionary<object, object> map ? (string)map["name"] : (string)job["image"];
            Assert.True(image.Contains(':', StringComparison.Ordinal) && !image.EndsWith(":latest", StringComparison.Ordinal), $"{name}: {image}");
        }
    }

    [Fact]
    public void Nothing_runs_as_root_of_a_node_and_no_secret_is_named()
    {
        var text = File.ReadAllText(Path.Combine(Folder, ".gitlab-ci.yml"));

        foreach (var word in new[] { "dind", "privileged: true", "AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "docker.sock", "PASSWORD" })
            Assert.DoesNotContain(word, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_job_that_takes_on_a_role_has_a_token_signed_for_it()
    {
        var jobs = Jobs(Pipeline());

        var roles = jobs.Where(job => job.Value.TryGetValue("variables", out var variables) && ((Dictionary<object, object>)variables).ContainsKey("AWS_ROLE_ARN")).ToArray();
        Assert.Equal(["build", "dev", "find-image", "production", "staging"], roles.Select(job => job.Key).Order());
        Assert.All(roles, job =>
        {
            Assert.Equal("https://gitlab.com", ((Dictionary<object, object>)((Dictionary<object, object>)job.Value["id_tokens"])["AWS_TOKEN"])["aud"]);
            Assert.Contains(List(job.Value["before_script"]), line => ((string)line).Contains("AWS_WEB_IDENTITY_TOKEN_FILE", StringComparison.Ordinal));
        });
    }

    [Fact]
    public void A_rollout_that_fails_is_undone_and_releases_of_an_environment_do_not_overlap()
    {
        var jobs = Jobs(Pipeline());

        foreach (var name in new[] { "dev", "staging", "production" })
        {
            var job = jobs[name];
            Assert.Equal(name, ((Dictionary<object, object>)job["environment"])["name"]);
            Assert.Equal(name, job["resource_group"]);
            var script = string.Join('\n', List(job["script"]));
            Assert.Contains("rollout status", script, StringComparison.Ordinal);
            Assert.True(script.IndexOf("rollout undo", StringComparison.Ordinal) < script.IndexOf("exit 1", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Production_waits_for_a_person_and_a_tag()
    {
        var rule = (Dictionary<object, object>)Assert.Single(List(Jobs(Pipeline())["production"]["rules"]));

        Assert.Equal("manual", rule["when"]);
        Assert.Contains("$CI_COMMIT_TAG", (string)rule["if"], StringComparison.Ordinal);
    }

    [Fact]
    public void The_laptop_runs_the_same_image_within_limits_and_offers_it_to_nobody_else()
    {
        var service = (Dictionary<object, object>)((Dictionary<object, object>)Yaml("docker-compose.yml")["services"])["hello"];

        Assert.Equal("release", ((Dictionary<object, object>)service["build"])["target"]);
        Assert.All(List(service["ports"]), port => Assert.StartsWith("127.0.0.1:", (string)port, StringComparison.Ordinal));
        Assert.Equal(["ALL"], List(service["cap_drop"]));
        Assert.Contains("mem_limit", service.Keys);
        Assert.Contains("pids_limit", service.Keys);
    }

    [SkippableFact]
    public async Task Every_script_is_one_that_a_shell_can_read()
    {
        using var scratch = new Scratch();
        foreach (var (name, job) in Jobs(Pipeline()))
        {
            var lines = List(job["script"]).Concat(job.TryGetValue("before_script", out var before) ? List(before) : []);
            var script = scratch.Write($"{name}.sh", string.Join('\n', lines) + "\n");
            var (exitCode, output) = await new Tool("dash", "dash").RunAsync(scratch.Path, "-n", script);
            Assert.True(exitCode == 0, $"{name}: {output}");
        }
    }

    [SkippableTheory]
    [InlineData(true, 0, "set status")]
    [InlineData(false, 1, "set status get undo status")]
    public async Task A_rollout_is_undone_when_it_does_not_become_ready_and_only_then(bool becomesReady, int expected, string expectedCalls)
    {
        using var scratch = new Scratch();

        // kubectl as the script sees it: it notes its verbs, and only a rollout after an undo is sure to become ready.
        scratch.Write("kubectl", $$"""
            case "$*" in
              *"rollout status"*) echo status >> calls; grep -q undo calls || {{(becomesReady ? "true" : "false")}} ;;
              *"rollout undo"*) echo undo >> calls ;;
              *"set image"*) echo "$*" > image; echo set >> calls ;;
              *" get "*) echo get >> calls ;;
            esac
            """);
        scratch.Write("aws", "");
        var script = string.Join('\n', List(Jobs(Pipeline())["production"]["script"]));
        var run = scratch.Write("run.sh", $"""
            set -e
            kubectl() (sh ./kubectl "$@")
            aws() (sh ./aws "$@")
            NAMESPACE=shop APP=hello CONTAINER=site IMAGE=registry.example/c/hello TAG=1a2b3c CI_ENVIRONMENT_NAME=production
            {script}
            """);

        var (exitCode, output) = await new Tool("dash", "dash").RunAsync(scratch.Path, run);

        Assert.True(exitCode == expected, output);
        Assert.Equal(expectedCalls, string.Join(' ', await File.ReadAllLinesAsync(Path.Combine(scratch.Path, "calls"))));
        Assert.Equal("--namespace shop set image deployment/hello site=registry.example/c/hello:1a2b3c\n", await File.ReadAllTextAsync(Path.Combine(scratch.Path, "image")));
    }

    [SkippableFact]
    public async Task The_sample_service_passes_its_own_tests()
    {
        using var scratch = new Scratch();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Folder, "hello"), "*.py"))
            scratch.Write(Path.GetFileName(file), await File.ReadAllTextAsync(file));

        var (exitCode, output) = await new Tool("python3", "python3").RunAsync(scratch.Path, "-m", "unittest", "-v");

        Assert.True(exitCode == 0, output);
        Assert.Contains("Ran 4 tests", output, StringComparison.Ordinal);
    }

    private static Dictionary<object, object> Pipeline() => Yaml(".gitlab-ci.yml");

    private static Dictionary<object, object> Yaml(string name) =>
        new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(File.ReadAllText(Path.Combine(Folder, name)));

    // Jobs as GitLab sees them: with all that they extend. A later parent wins over an earlier one, the job over all; maps are joined.
    private static Dictionary<string, Dictionary<object, object>> Jobs(Dictionary<object, object> pipeline) => pipeline
        .Where(entry => entry.Value is Dictionary<object, object> && !((string)entry.Key).StartsWith('.') && !NotJobs.Contains((string)entry.Key))
        .ToDictionary(entry => (string)entry.Key, entry => Whole((Dictionary<object, object>)entry.Value, pipeline));

    private static Dictionary<object, object> Whole(Dictionary<object, object> job, Dictionary<object, object> pipeline)
    {
        var parents = job.TryGetValue("extends", out var extends) ? (extends is List<object> several ? several : [extends]) : [];
        return parents
            .Select(parent => Whole((Dictionary<object, object>)pipeline[parent], pipeline))
            .Append(job)
            .Aggregate(new Dictionary<object, object>(), Join);
    }

    private static Dictionary<object, object> Join(Dictionary<object, object> under, Dictionary<object, object> over)
    {
        var joined = new Dictionary<object, object>(under);
        foreach (var (key, value) in over)
        {
            joined[key] = value is Dictionary<object, object> map && joined.TryGetValue(key, out var before) && before is Dictionary<object, object> old
                ? Join(old, map)
                : value;
        }

        return joined;
    }

    private static List<object> List(object value) => Assert.IsType<List<object>>(value);
}
