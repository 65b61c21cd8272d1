using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Viewing;
using HaCluster.Planning.Modelling.Manifests;
using HaCluster.Planning.Modelling.Pods;

namespace HaCluster.Operations.Tests.Viewing;

/// <summary>What a view adds up while it streams pods is what the model of the proof adds up.</summary>
public sealed class PodRequestsTests
{
    [Property(MaxTest = 500)]
    public Property The_requests_of_a_pod_are_those_of_the_model() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var pod = Pod(new Random(seed));
        var json = JsonSerializer.SerializeToElement(pod);
        var seen = ObjectJson.Read<PodReading>(json);
        var counted = new ContainerSums(JsonValues.Of(json.GetProperty("spec")), ContainerDefaults.None).Of("requests");
        return ((long)Math.Ceiling(seen.Cpu * 1000), (long)Math.Ceiling(seen.Memory)) == (counted.MilliCpu, counted.MemoryBytes) ? true
            : throw new InvalidOperationException($"{seen.Cpu} and {seen.Memory}, the model counts {counted.MilliCpu} and {counted.MemoryBytes}: {pod.ToJsonString()}");
    });

    /// <summary>As the API server answers: with the defaults written in.</summary>
    private static JsonObject Pod(Random random)
    {
        var spec = new JsonObject { ["containers"] = Containers(random, 1, isInit: false) };
        if (random.Next(3) > 0)
            spec["initContainers"] = Containers(random, 0, isInit: true);
        if (random.Next(4) == 0)
            spec["overhead"] = Amounts(random);
        if (random.Next(4) == 0)
            spec["resources"] = new JsonObject { ["requests"] = Amounts(random) };
        return new JsonObject { ["metadata"] = new JsonObject { ["name"] = "pod" }, ["spec"] = spec };
    }

    private static JsonArray Containers(Random random, int least, bool isInit) => [.. Enumerable.Range(0, random.Next(least, 4)).Select(number =>
    {
        var container = new JsonObject { ["name"] = $"c{number}" };
        if (random.Next(5) > 0)
            container["resources"] = new JsonObject { ["requests"] = Amounts(random) };
        if (isInit && random.Next(2) == 0)
            container["restartPolicy"] = "Always";
        return (JsonNode)container;
    })];

    private static JsonObject Amounts(Random random)
    {
        string[] cpu = ["0", "1m", "250m", "0.1", "1.5", "2"];
        string[] memory = ["0", "1", "100M", "64Mi", "1.5Gi", "1e9"];
        var amounts = new JsonObject();
        if (random.Next(4) > 0)
            amounts["cpu"] = cpu[random.Next(cpu.Length)];
        if (random.Next(4) > 0)
            amounts["memory"] = memory[random.Next(memory.Length)];
        return amounts;
    }
}
