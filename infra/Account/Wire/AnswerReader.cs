using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Transform;

namespace HaCluster.Account.Wire;

/// <summary>Takes the body out of an answer, and code and message out of an error.</summary>
internal sealed class AnswerReader : ResponseUnmarshaller
{
    public static readonly AnswerReader Instance = new();

    public override AmazonWebServiceResponse Unmarshall(UnmarshallerContext input) => new ServiceAnswer { Body = ((BodyContext)input).Body };

    public override AmazonServiceException UnmarshallException(UnmarshallerContext input, Exception innerException, HttpStatusCode statusCode)
    {
        var error = ServiceError.Read(((BodyContext)input).Body, input.ResponseData.GetHeaderValue("x-amzn-ErrorType"), statusCode);
        var type = (int)statusCode < 500 ? ErrorType.Sender : ErrorType.Receiver;
        return new AmazonServiceException(error.Message, innerException, type, error.Code, requestId: null, statusCode);
    }

    protected override UnmarshallerContext ConstructUnmarshallerContext(
        Stream responseStream, bool maintainResponseBody, IWebResponseData response, bool isException) =>
        new BodyContext(responseStream, isException, response);

    protected override UnmarshallerContext ConstructUnmarshallerContext(
        Stream responseStream, bool maintainResponseBody, IWebResponseData response, bool isException, IRequestContext requestContext) =>
        new BodyContext(responseStream, isException, response);
}
