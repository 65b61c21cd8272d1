using System.Text.Json;
using HaCluster.Stack.Delivery;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Settings.Delivery;
using HaCluster.Workloads.Tests.Peers;

namespace HaCluster.Workloads.Tests.Delivery;

public class RunnerConfigTests
{
    [SkippableFact]
    public async Task A_parser_that_others_wrote_reads_the_configuration_of_the_runner_as_it_is_meant()
    {
        var problems = new SettingsProblems();
        var settings = RunnerSettings.Read(SettingsReader.Root("ha-cluster", new Dictionary<string, string>(), new HashSet<string>(), problems));
        Assert.Empty(problems.Messages);
        using var scratch = new Scratch();
        scratch.Write("config.toml", RunnerConfig.Toml(settings, "delivery", "build"));

        var (exitCode, output) = await new Tool("python3", "python3").RunAsync(
            scratch.Path, "-c", "import json, tomllib; print(json.dumps(tomllib.load(open('config.toml', 'rb'))))");

        Assert.True(exitCode == 0, output);
        var runner = Assert.Single(JsonDocument.Parse(output).RootElement.GetProperty("runners").EnumerateArray());
        var kubernetes = runner.GetProperty("kubernetes");
        Assert.Equal("kubernetes", runner.GetProperty("executor").GetString());
        Assert.False(kubernetes.GetProperty("privileged").GetBoolean());
        Assert.Equal("8Gi", kubernetes.GetProperty("ephemeral_storage_limit").GetString());
        Assert.Equal("1Gi", kubernetes.GetProperty("service_memory_limit").GetString());
        Assert.Equal(20, kubernetes.GetProperty("retry_limits").GetProperty("exceeded quota").GetInt32());
        Assert.Equal("false", kubernetes.GetProperty("pod_annotations").GetProperty("cluster-autoscaler.kubernetes.io/safe-to-evict").GetString());
        Assert.Equal("8Gi", Assert.Single(kubernetes.GetProperty("volumes").GetProperty("empty_dir").EnumerateArray()).GetProperty("size_limit").GetString());
    }
}
