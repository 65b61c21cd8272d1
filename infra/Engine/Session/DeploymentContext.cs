using Grpc.Core;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Schemas;

namespace HaCluster.Engine.Session;

/// <summary>What the services of one run share.</summary>
internal sealed class DeploymentContext(DeploymentRequest request, SchemaCatalog catalog, IProgress<EngineEvent>? progress)
{
    public DeploymentRequest Request { get; } = request;

    public SchemaCatalog Catalog { get; } = catalog;

    public ResourceRegistry Resources { get; } = new();

    public DiagnosticLog Diagnostics { get; } = new();

    public LogBuffer Logs { get; } = new();

    public InvokeLog Invokes { get; } = new();

    public bool IsPreview => Request.Mode == RunMode.Preview;

    /// <summary>The URN the stack has, whether or not it has been registered yet.</summary>
    public string StackUrn { get; } = ResourceUrn.Create(
        request.Stack, request.Project, null, ResourceUrn.StackType, $"{request.Project}-{request.Stack}");

    /// <summary>Set by the first call of SignalAndWaitForShutdown.</summary>
    public bool ShutdownSignalled { get; set; }

    /// <summary>Set when the stack's outputs have been registered.</summary>
    public bool SentStackOutputs { get; set; }

    /// <summary>True when the program logged an error itself.</summary>
    public bool LoggedError { get; set; }

    /// <summary>True when a registration, read or invoke has been refused.</summary>
    public bool Refused { get; private set; }

    public void Report(EngineEvent happened) => progress?.Report(happened);

    /// <summary>Takes a resource, registered or read, into the graph.</summary>
    /// <param name="size">Of the request, in bytes.</param>
    /// <exception cref="RpcException">Its URN is taken, or there are more resources than the engine holds.</exception>
    public void Add(ResourceNode node, int size)
    {
        try
        {
            if (!Resources.TryAdd(node, size, out var count))
                throw Refuse(new Diagnostic($"Duplicate resource URN '{node.Urn}'; try giving it a unique name", node.Urn));
            Report(new EngineEvent.Registered(node, count));
        }
        catch (InvalidOperationException tooMuch)
        {
            throw Refuse(new Diagnostic(tooMuch.Message, node.Urn), StatusCode.ResourceExhausted);
        }
    }

    /// <summary>Reads values of a request.</summary>
    /// <param name="what">Whose values they are, as the message names it.</param>
    /// <exception cref="RpcException">One is malformed.</exception>
    public T ReadOrRefuse<T>(Func<T> read, string what, string? urn = null)
    {
        try
        {
            return read();
        }
        catch (FormatException malformed)
        {
            throw Refuse(new Diagnostic($"{what}: {malformed.Message}", urn));
        }
    }

    /// <summary>The parent that a request names, null when it names none.</summary>
    /// <exception cref="RpcException">It is not registered.</exception>
    public ResourceNode? FindParent(string parent, string what, string urn)
    {
        if (parent.Length == 0)
            return null;
        return Resources.Find(parent) ?? throw Refuse(new Diagnostic($"{what} has the parent {parent}, which is not registered", urn));
    }

    /// <param name="provider">As it travels, <c>urn::id</c>; empty for the default one.</param>
    /// <exception cref="RpcException">It is not registered, or not a provider.</exception>
    public void RequireProvider(string provider, string what, string? urn = null)
    {
        if (provider.Length > 0 && !(Regions.FindProvider(this, provider) is { } found && TypeToken.IsProvider(found.Type)))
            throw Refuse(new Diagnostic($"{what} uses the provider '{provider}', which is not registered", urn, "provider"));
    }

    /// <summary>Records a problem and gives the exception that ends the call with it.</summary>
    public RpcException Refuse(Diagnostic diagnostic, StatusCode status = StatusCode.InvalidArgument)
    {
        Refused = true;
        Diagnostics.Add(diagnostic);
        return new RpcException(new Status(status, diagnostic.Message));
    }
}
