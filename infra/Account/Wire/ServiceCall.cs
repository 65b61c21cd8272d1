using System.Collections.Immutable;
using Amazon.Runtime;

namespace HaCluster.Account.Wire;

/// <summary>One call, already in the form of its protocol.</summary>
/// <param name="operation">What messages call it.</param>
internal sealed class ServiceCall(string operation) : AmazonWebServiceRequest
{
    public string Operation { get; } = operation;

    public string Method { get; init; } = "POST";

    public string Path { get; init; } = "/";

    public ImmutableSortedDictionary<string, string> Query { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public ImmutableSortedDictionary<string, string> Headers { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public byte[] Content { get; init; } = [];
}

/// <summary>The body of a successful answer; each protocol reads it in its own way.</summary>
internal sealed class ServiceAnswer : AmazonWebServiceResponse
{
    public string Body { get; init; } = "";
}
