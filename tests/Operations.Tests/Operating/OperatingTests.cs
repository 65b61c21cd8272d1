using System.Text.Json.Nodes;
using HaCluster.Operations.Running;
using HaCluster.Operations.Tests.Worlds;

namespace HaCluster.Operations.Tests.Operating;

/// <summary>A fake world and processes that operate it.</summary>
public abstract class OperatingTests : IDisposable
{
    private protected static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);
    private protected static readonly RunOptions Forced = new() { Force = true };
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ha-operating-");

    private protected FakeWorld World { get; } = FakeCluster.Build();

    private protected FakeMonitoring Monitoring { get; } = new();

    private protected string Journals => Path.Combine(_folder.FullName, "journals");

    private protected OperationRunner Runner => Process().Runner;

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    private protected FakeProcess Process(Faults? faults = null, string @operator = "ada@laptop") => new(World, Journals, faults, @operator, monitoring: Monitoring);

    private protected Task<OperationResult> RunAsync(OperationRequest request, RunOptions? options = null) => Runner.RunAsync(request, options ?? RunOptions.Default, default);

    private protected async Task<Refusal> RefusedAsync(OperationRequest request, RunOptions? options = null)
    {
        World.Log.Clear();
        var refused = await Assert.ThrowsAsync<OperationRefusedException>(() => RunAsync(request, options));
        // Nothing is half done.
        Assert.Empty(World.Log);
        return refused.Refusal;
    }

    private protected JsonObject Put(string plural, string? @namespace, string name, string json)
    {
        var subject = JsonNode.Parse(json)!.AsObject();
        var metadata = subject["metadata"] as JsonObject ?? [];
        metadata["name"] = name;
        if (@namespace is not null)
            metadata["namespace"] = @namespace;
        subject["metadata"] = metadata;
        return World.Put(plural, subject);
    }

    private protected JsonObject? Find(string plural, string? @namespace, string name) => World.Find(plural, @namespace, name);

    /// <summary>The node of one of the pods of an application.</summary>
    private protected string NodeOf(string app) => Pods(app)[0]["spec"]!["nodeName"]!.GetValue<string>();

    private protected List<JsonObject> Pods(string app) => [.. World.All("pods").Where(pod => (string?)pod["metadata"]!["labels"]!["app"] == app)];

    private protected static string? Image(JsonNode template) => (string?)template["spec"]!["containers"]![0]!["image"];
}
