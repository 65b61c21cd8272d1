namespace HaCluster.Wire;

/// <summary>A call that did not end with <see cref="RpcStatusCode.OK"/>, or a frame that breaks the protocol.</summary>
public sealed class RpcException(RpcStatusCode statusCode, string detail, Exception? innerException = null)
    : Exception($"Status(StatusCode=\"{statusCode}\", Detail=\"{detail}\")", innerException)
{
    public RpcStatusCode StatusCode { get; } = statusCode;

    /// <summary>What the other side said, decoded.</summary>
    public string Detail { get; } = detail;
}
