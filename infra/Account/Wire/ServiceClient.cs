using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace HaCluster.Account.Wire;

/// <summary>
/// Any service of AWS, on the pipeline of AWSSDK.Core: credentials, signature, retries with back-off, time-outs and configured endpoints are Core's;
/// only the call and its answer are ours. Why not the packages of the services: not every feed has those for EKS, RDS, load balancers, IAM, OpenSearch
/// and Service Quotas, and EC2's is 5 MB for a dozen calls that read.
/// </summary>
internal sealed class ServiceClient(AWSCredentials credentials, ServiceClientConfig config) : AmazonServiceClient(credentials, config)
{
    private readonly CallMarshaller _marshaller = new(config.Service);

    public string Service => config.Service.Id;

    /// <exception cref="AwsCallException">The service said no, could not be reached, or answered something else.</exception>
    public async Task<string> CallAsync(ServiceCall call, CancellationToken cancellationToken)
    {
        var options = new InvokeOptions { RequestMarshaller = _marshaller, ResponseUnmarshaller = AnswerReader.Instance };
        try
        {
            return (await InvokeAsync<ServiceAnswer>(call, options, cancellationToken)).Body;
        }
        catch (AmazonServiceException exception) when (exception.ErrorCode is { Length: > 0 })
        {
            throw new AwsCallException(Service, call.Operation, exception.ErrorCode, exception.Message, exception);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && IsTransportError(exception))
        {
            throw new AwsCallException(Service, call.Operation, AwsCallException.UnreachableCode, exception.Message, exception);
        }
    }

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        pipeline.AddHandlerAfter<Marshaller>(new EndpointHandler());
        pipeline.AddHandlerAfter<EndpointHandler>(new SignatureHandler());
    }

    private static bool IsTransportError(Exception exception) =>
        exception is AmazonClientException or HttpRequestException or WebException or SocketException or IOException
            or TimeoutException or OperationCanceledException;
}
