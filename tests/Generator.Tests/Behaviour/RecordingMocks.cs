using System.Collections.Immutable;
using Pulumi.Testing;

namespace HaCluster.Generator.Tests.Behaviour;

/// <summary>Remembers what was sent and answers with it.</summary>
internal sealed class RecordingMocks : IMocks
{
    private readonly List<MockResourceArgs> _resources = [];

    public MockCallArgs? Call { get; private set; }

    /// <summary>What the one resource of that name was registered with.</summary>
    public ImmutableDictionary<string, object> InputsOf(string name) => _resources.Single(resource => resource.Name == name).Inputs;

    public Task<(string? id, object state)> NewResourceAsync(MockResourceArgs args)
    {
        lock (_resources)
            _resources.Add(args);

        return Task.FromResult<(string?, object)>(($"{args.Name}-id", args.Inputs));
    }

    public Task<object> CallAsync(MockCallArgs args)
    {
        Call = args;
        return Task.FromResult<object>(new Dictionary<string, object>
        {
            ["id"] = "eu-central-1",
            ["region"] = "eu-central-1",
            ["groupNames"] = ImmutableArray<string>.Empty,
            ["names"] = ImmutableArray.Create("eu-central-1a", "eu-central-1b"),
            ["zoneIds"] = ImmutableArray<string>.Empty,
        });
    }
}
