using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using HaCluster.Wire;
using Pulumi;

namespace HaCluster.Sdk.Tests.Fakes;

/// <summary>A monitor that keeps every request and answers as an engine would: inputs come back as outputs.</summary>
internal sealed class FakeMonitor(bool isPreview = false) : IMonitor
{
    private readonly ConcurrentQueue<IMessage> _requests = new();
    private readonly ConcurrentQueue<string> _featuresAsked = new();

    public HashSet<string> MissingFeatures { get; init; } = [];

    /// <summary>What a registration is answered with, instead of its own inputs.</summary>
    public Func<RegisterResourceRequest, RegisterResourceResponse, Task>? OnRegister { get; init; }

    public Func<ResourceInvokeRequest, ResourceInvokeResponse>? OnInvoke { get; init; }

    public Func<ReadResourceRequest, ReadResourceResponse>? OnRead { get; init; }

    public Func<Task>? OnShutdown { get; init; }

    public bool WasSignalled { get; private set; }

    public IReadOnlyList<IMessage> Requests => [.. _requests];

    public IReadOnlyList<string> FeaturesAsked => [.. _featuresAsked];

    public IReadOnlyList<RegisterResourceRequest> Registrations => [.. _requests.OfType<RegisterResourceRequest>()];

    public RegisterResourceRequest Registration(string name) => Registrations.Single(request => request.Name == name);

    public Struct Outputs(string urn) => _requests.OfType<RegisterResourceOutputsRequest>().Single(request => request.Urn == urn).Outputs;

    public async Task<bool> SupportsFeatureAsync(string feature)
    {
        _featuresAsked.Enqueue(feature);
        await Task.Yield();
        return !MissingFeatures.Contains(feature);
    }

    public async Task<RegisterResourceResponse> RegisterResourceAsync(Resource resource, RegisterResourceRequest request)
    {
        _requests.Enqueue(request);
        await Task.Yield();
        var response = new RegisterResourceResponse
        {
            Urn = UrnOf(request.Parent, request.Type, request.Name),
            Id = request.Custom && !isPreview ? request.Name + "-id" : "",
            Object = request.Custom ? request.Object.Clone() : new Struct(),
        };
        if (OnRegister is not null)
            await OnRegister(request, response);
        return response;
    }

    public async Task<ReadResourceResponse> ReadResourceAsync(Resource resource, ReadResourceRequest request)
    {
        _requests.Enqueue(request);
        await Task.Yield();
        return OnRead?.Invoke(request)
            ?? new ReadResourceResponse { Urn = UrnOf(request.Parent, request.Type, request.Name), Properties = request.Properties };
    }

    public async Task RegisterResourceOutputsAsync(RegisterResourceOutputsRequest request)
    {
        _requests.Enqueue(request);
        await Task.Yield();
    }

    public async Task<ResourceInvokeResponse> InvokeAsync(ResourceInvokeRequest request)
    {
        _requests.Enqueue(request);
        await Task.Yield();
        return OnInvoke?.Invoke(request) ?? new ResourceInvokeResponse { Return = request.Args };
    }

    public Task SignalAndWaitForShutdownAsync()
    {
        WasSignalled = true;
        return OnShutdown?.Invoke() ?? Task.CompletedTask;
    }

    private static string UrnOf(string parent, string type, string name)
    {
        var parentType = parent.Length == 0 ? "" : parent.Split("::")[2];
        var prefix = parentType is "" or "pulumi:pulumi:Stack" ? "" : parentType + "$";
        return $"urn:pulumi:stack::project::{prefix}{type}::{name}";
    }
}
