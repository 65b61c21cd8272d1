using System.Collections.Concurrent;
using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using HaCluster.Wire;
using Pulumi.Serialization;

namespace Pulumi.Testing;

/// <summary>A resource monitor that asks <see cref="IMocks"/>.</summary>
internal sealed class MockMonitor(IMocks mocks) : IMonitor
{
    private readonly ConcurrentQueue<Resource> _resources = new();
    private readonly ConcurrentDictionary<string, Struct> _states = new();

    public ImmutableArray<Resource> Resources => [.. _resources];

    // Without output values, so that the mocks get plain arguments.
    public Task<bool> SupportsFeatureAsync(string feature) => Task.FromResult(feature != "outputValues");

    public async Task<RegisterResourceResponse> RegisterResourceAsync(Resource resource, RegisterResourceRequest request)
    {
        _resources.Enqueue(resource);
        var urn = CreateUrn(request.Parent, request.Type, request.Name);
        if (request.Type == Stack.TypeToken)
            return new RegisterResourceResponse { Urn = urn, Object = new Struct() };

        var (id, state) = await mocks.NewResourceAsync(new MockResourceArgs
        {
            Type = request.Type,
            Name = request.Name,
            Inputs = ToDictionary(request.Object),
            Provider = request.Provider,
            Id = request.ImportId,
        });

        id ??= request.ImportId;
        var properties = await SerializeAsync(state);
        Remember(urn, id, properties);
        return new RegisterResourceResponse { Urn = urn, Id = id, Object = properties };
    }

    public async Task<ReadResourceResponse> ReadResourceAsync(Resource resource, ReadResourceRequest request)
    {
        var (id, state) = await mocks.NewResourceAsync(new MockResourceArgs
        {
            Type = request.Type,
            Name = request.Name,
            Inputs = ToDictionary(request.Properties),
            Provider = request.Provider,
            Id = request.Id,
        });

        _resources.Enqueue(resource);
        var urn = CreateUrn(request.Parent, request.Type, request.Name);
        var properties = await SerializeAsync(state);
        Remember(urn, id ?? "", properties);
        return new ReadResourceResponse { Urn = urn, Properties = properties };
    }

    public async Task<ResourceInvokeResponse> InvokeAsync(ResourceInvokeRequest request)
    {
        var args = ToDictionary(request.Args);
        if (request.Tok == "pulumi:pulumi:getResource")
        {
            var urn = (string)args[WireNames.Urn];
            return _states.TryGetValue(urn, out var known)
                ? new ResourceInvokeResponse { Return = known }
                : throw new InvalidOperationException($"Unknown resource {urn}");
        }

        var result = await mocks.CallAsync(new MockCallArgs { Token = request.Tok, Args = args, Provider = request.Provider });
        return new ResourceInvokeResponse { Return = await SerializeAsync(result) };
    }

    public Task RegisterResourceOutputsAsync(RegisterResourceOutputsRequest request)
        => mocks.RegisterResourceOutputs(new MockRegisterResourceOutputsRequest(
            request.Urn,
            request.Outputs.Fields.ToImmutableDictionary(
                output => output.Key,
                output => new Output<object?>(Task.FromResult(Deserializer.Deserialize(output.Value))))));

    public Task SignalAndWaitForShutdownAsync() => Task.CompletedTask;

    private void Remember(string urn, string id, Struct properties)
        => _states[urn] = new Struct
        {
            Fields =
            {
                { WireNames.Urn, Value.ForString(urn) },
                { WireNames.Id, Value.ForString(id) },
                { "state", Value.ForStruct(properties) },
            },
        };

    // Officially not the engine's rule: the stack's type stays in, and of the parents' types only the outermost.
    private static string CreateUrn(string parent, string type, string name)
    {
        var prefix = parent.Length == 0 ? "" : parent.Split("::")[2].Split('$')[0] + "$";
        return $"urn:pulumi:{Deployment.Instance.StackName}::{Deployment.Instance.ProjectName}::{prefix}{type}::{name}";
    }

    private static ImmutableDictionary<string, object> ToDictionary(Struct properties)
        => properties.Fields
            .Select(property => (property.Key, Data: Deserializer.Deserialize(property.Value)))
            .Where(property => property.Data is { IsKnown: true, Value: not null })
            .ToImmutableDictionary(property => property.Key, property => property.Data.Value!);

    private static async Task<Struct> SerializeAsync(object state)
    {
        if (state is IDictionary<string, object> dictionary)
            state = dictionary.ToImmutableDictionary();
        var value = await new Serializer(keepResources: true).SerializeAsync(new PropertyPath("mock"), state);
        return value.StructValue
            ?? throw new InvalidOperationException($"{state.GetType().FullName} is not a supported argument type");
    }
}
