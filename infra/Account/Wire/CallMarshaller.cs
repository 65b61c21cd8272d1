using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;

namespace HaCluster.Account.Wire;

/// <summary>Hands a <see cref="ServiceCall"/> to the pipeline of AWSSDK.Core.</summary>
internal sealed class CallMarshaller(AwsService service) : IMarshaller<IRequest, AmazonWebServiceRequest>
{
    public IRequest Marshall(AmazonWebServiceRequest input)
    {
        var call = (ServiceCall)input;
        var request = new DefaultRequest(call, service.Id) { HttpMethod = call.Method, ResourcePath = call.Path };
        foreach (var (name, value) in call.Headers)
            request.Headers[name] = value;
        if (call.Method == "GET")
        {
            request.UseQueryString = true;
            foreach (var (name, value) in call.Query)
                request.Parameters[name] = value;
        }
        else
        {
            request.Content = call.Content;
        }

        return request;
    }
}
