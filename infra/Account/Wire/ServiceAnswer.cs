using Amazon.Runtime;

namespace HaCluster.Account.Wire;

/// <summary>The body of a successful answer; each protocol reads it in its own way.</summary>
internal sealed class ServiceAnswer : AmazonWebServiceResponse
{
    public string Body { get; init; } = "";
}
