namespace HaCluster.Sentinel.Nodes;

/// <summary>Why a call to a node failed: a closed set, and a label of a metric.</summary>
internal enum RpcFault
{
    /// <summary>Nothing listens there, or the name does not resolve.</summary>
    Unreachable,

    Timeout,

    /// <summary>The certificate is not trusted, or the server does not use TLS.</summary>
    Tls,

    /// <summary>401 or 403.</summary>
    Unauthorized,

    /// <summary>429.</summary>
    Throttled,

    /// <summary>Another HTTP status than 200, a redirect among them.</summary>
    Status,

    /// <summary>Not the HTTP, JSON or type that was expected.</summary>
    Malformed,

    /// <summary>A longer answer than any honest one.</summary>
    TooLarge,

    /// <summary>The node understood and answered with an error.</summary>
    Refused,
}

/// <param name="code">Of JSON-RPC, where the node gave one.</param>
internal sealed class RpcException(RpcFault fault, string message, int? code = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary><c>method not found</c> of JSON-RPC 2.0; btcd uses it too for what it does not implement.</summary>
    private const int MethodNotFound = -32601;

    /// <summary>btcd's <c>ErrRPCUnimplemented</c> (https://github.com/btcsuite/btcd/blob/master/btcjson/jsonrpcerr.go).</summary>
    private const int Unimplemented = -1;

    public RpcFault Fault => fault;

    public bool IsUnknownMethod => fault == RpcFault.Refused && code is MethodNotFound or Unimplemented;
}
