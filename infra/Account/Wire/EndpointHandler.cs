using Amazon.Runtime;
using Amazon.Runtime.Credentials.Internal;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;

namespace HaCluster.Account.Wire;

/// <summary>
/// Gives each request its address. The services' packages carry a generated rule engine for this; the few services here need one rule.
/// </summary>
internal sealed class EndpointHandler : PipelineHandler
{
    public override void InvokeSync(IExecutionContext executionContext)
    {
        Locate(executionContext.RequestContext);
        base.InvokeSync(executionContext);
    }

    public override Task<T> InvokeAsync<T>(IExecutionContext executionContext)
    {
        Locate(executionContext.RequestContext);
        return base.InvokeAsync<T>(executionContext);
    }

    private static void Locate(IRequestContext context) => context.Request.Endpoint = ((ServiceClientConfig)context.ClientConfig).Endpoint;
}

/// <summary>Every call is signed with Signature Version 4.</summary>
internal sealed class SignatureHandler : BaseAuthResolverHandler
{
    protected override List<IAuthSchemeOption> ResolveAuthOptions(IExecutionContext executionContext) => AuthSchemeOption.DEFAULT_SIGV4;
}
