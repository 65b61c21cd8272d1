using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using HaCluster.Engine.Serving;
using HaCluster.Wire;

namespace HaCluster.Conformance.Wire;

/// <summary>An engine that accepts everything, answers by rule and keeps every request as it came.</summary>
internal sealed class RecordingPeer : IAsyncDisposable
{
    private readonly ConcurrentQueue<Request> _requests = new();
    private readonly Answers _answers;
    private readonly Unwatched _observer = new();
    private readonly GrpcServer _server = new();

    private RecordingPeer(bool dryRun) => _answers = new Answers(dryRun);

    /// <summary><c>host:port</c> of both services.</summary>
    public string Address => _server.Address;

    public IReadOnlyCollection<Request> Requests => _requests;

    public static async Task<RecordingPeer> StartAsync(bool dryRun)
    {
        var peer = new RecordingPeer(dryRun);
        await peer._server.ServeAsync(peer.Methods(), peer._observer, CancellationToken.None);
        return peer;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Dictionary<string, UnaryMethod> Methods()
    {
        var methods = new Dictionary<string, UnaryMethod>(StringComparer.Ordinal);
        Add<SupportsFeatureRequest>(Services.ResourceMonitor, "SupportsFeature", _ => new SupportsFeatureResponse { HasSupport = true });
        Add<RegisterResourceRequest>(Services.ResourceMonitor, "RegisterResource", _answers.Register);
        Add<RegisterResourceOutputsRequest>(Services.ResourceMonitor, "RegisterResourceOutputs", _ => new Empty());
        Add<ReadResourceRequest>(Services.ResourceMonitor, "ReadResource", Answers.Read);
        Add<ResourceInvokeRequest>(Services.ResourceMonitor, "Invoke", Answers.Invoke);
        Add<Empty>(Services.ResourceMonitor, "SignalAndWaitForShutdown", _ => new Empty());
        Add<LogRequest>(Services.Engine, "Log", _ => new Empty());
        Add<SetRootResourceRequest>(Services.Engine, "SetRootResource", _ => new SetRootResourceResponse());
        Add<GetRootResourceRequest>(Services.Engine, "GetRootResource", _ => new GetRootResourceResponse());
        return methods;

        void Add<TRequest>(string service, string name, Func<TRequest, IMessage> answer)
            where TRequest : IMessage<TRequest>, new() =>
            methods.Add($"/{service}/{name}", UnaryMethod.Of<TRequest>(request =>
            {
                _requests.Enqueue(new Request(name, request));
                return answer(request);
            }));
    }

    /// <summary>Nothing here is about how a peer behaves, only about what it says.</summary>
    private sealed class Unwatched : ICallObserver
    {
        public void Began(string method) { }

        public void Ended(string method) { }

        public void Violated(string method, string problem) { }

        public void Abandoned(string method) { }
    }
}

internal sealed record Request(string Method, IMessage Message);
