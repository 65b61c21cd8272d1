using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Serving;
using HaCluster.Wire;

namespace HaCluster.Engine.Session;

/// <summary>
/// The methods of pulumirpc.ResourceMonitor and pulumirpc.Engine that this engine implements. Everything else
/// (Call, transforms, hooks, packages, deployment info) returns UNIMPLEMENTED, and <see cref="Features"/> does not advertise it.
/// </summary>
internal sealed class MonitorServices(DeploymentContext context, Registrar registrar, Reader reader, Invoker invoker, ActivityMonitor activity)
{
    /// <summary>Those that need the engine to call back into the program, or provider plugins, are missing.</summary>
    private static readonly HashSet<string> Features =
        ["secrets", "resourceReferences", "outputValues", "aliasSpecs", "deletedWith", "replaceWith", "replacementTrigger"];

    private readonly Lock _lock = new();
    private string _rootResource = "";

    public IReadOnlyDictionary<string, UnaryMethod> Methods => new Dictionary<string, UnaryMethod>(StringComparer.Ordinal)
    {
        [Monitor("SupportsFeature")] = UnaryMethod.Of<SupportsFeatureRequest>(
            request => new SupportsFeatureResponse { HasSupport = Features.Contains(request.Id) }),
        [Monitor("RegisterResource")] = UnaryMethod.Of<RegisterResourceRequest>(registrar.Register),
        [Monitor("RegisterResourceOutputs")] = UnaryMethod.Of<RegisterResourceOutputsRequest>(registrar.RegisterOutputs),
        [Monitor("ReadResource")] = UnaryMethod.Of<ReadResourceRequest>(reader.Read),
        [Monitor("Invoke")] = UnaryMethod.Of<ResourceInvokeRequest>(invoker.Invoke),
        [Monitor("SignalAndWaitForShutdown")] = UnaryMethod.Of<Empty>(_ => Finish()),
        [Engine("Log")] = UnaryMethod.Of<LogRequest>(Log),
        [Engine("GetRootResource")] = UnaryMethod.Of<GetRootResourceRequest>(_ => new GetRootResourceResponse { Urn = _rootResource }),
        [Engine("SetRootResource")] = UnaryMethod.Of<SetRootResourceRequest>(SetRootResource),
        [Engine("RequirePulumiVersion")] = UnaryMethod.Of<RequirePulumiVersionRequest>(RequireVersion),
    };

    private static string Monitor(string method) => $"/{Services.ResourceMonitor}/{method}";

    private static string Engine(string method) => $"/{Services.Engine}/{method}";

    /// <summary>There is nothing to wait for: every registration was answered with its result.</summary>
    private Empty Finish()
    {
        activity.Note("SignalAndWaitForShutdown");
        context.ShutdownSignalled = true;
        return new Empty();
    }

    private Empty Log(LogRequest request)
    {
        var entry = new LogEntry((Graph.LogSeverity)request.Severity, request.Message, request.Urn.Length == 0 ? null : request.Urn);
        if (!request.Ephemeral)
            context.Logs.Add(entry);
        if (entry.Severity == Graph.LogSeverity.Error)
        {
            context.LoggedError = true;
            if (!context.Diagnostics.IsRepetition(entry.Message))
                context.Diagnostics.Add(new Diagnostic(entry.Message, entry.Urn));
        }
        context.Report(new EngineEvent.Logged(entry));
        return new Empty();
    }

    private SetRootResourceResponse SetRootResource(SetRootResourceRequest request)
    {
        lock (_lock)
        {
            if (_rootResource.Length > 0 && _rootResource != request.Urn)
                throw new RpcException(new Status(StatusCode.Unknown, $"root resource already set to {_rootResource}"));
            _rootResource = request.Urn;
        }
        return new SetRootResourceResponse();
    }

    private IMessage RequireVersion(RequirePulumiVersionRequest request)
    {
        VersionRange range;
        try
        {
            range = VersionRange.Parse(request.PulumiVersionRange);
        }
        catch (FormatException malformed)
        {
            throw context.Refuse(new Diagnostic(malformed.Message));
        }

        if (!range.Contains(PulumiProtocol.Version))
            throw context.Refuse(new Diagnostic($"the program requires Pulumi {request.PulumiVersionRange}; the embedded engine speaks the protocol of {PulumiProtocol.Version}"), StatusCode.FailedPrecondition);
        return new RequirePulumiVersionResponse();
    }
}
