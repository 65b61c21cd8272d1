using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace HaCluster.Wire;

/// <summary>Unary gRPC calls over cleartext HTTP/2, with one channel for each address, shared by all its clients.</summary>
public sealed class UnaryClient
{
    private static readonly ConcurrentDictionary<string, Lazy<CallInvoker>> Channels = new();

    private readonly ConcurrentDictionary<string, Method<IMessage, IMessage>> _methods = new();
    private readonly CallInvoker _channel;
    private readonly string _service;

    /// <param name="address">host:port, without a scheme, as the engine puts it in the environment.</param>
    /// <param name="service">Full name of the service, such as <c>pulumirpc.ResourceMonitor</c>.</param>
    public UnaryClient(string address, string service)
    {
        _channel = Channels.GetOrAdd(address, static key => new Lazy<CallInvoker>(() => CreateChannel(key))).Value;
        _service = service;
    }

    /// <summary>Calls a method and waits, however long it takes, for its answer.</summary>
    /// <exception cref="RpcException">The call failed: refused, broken connection, or the status that the server gave.</exception>
    public async Task<TResponse> CallAsync<TResponse>(
        string method, IMessage request, MessageParser<TResponse> parser, CancellationToken cancellationToken = default)
        where TResponse : IMessage<TResponse>
    {
        var called = _methods.GetOrAdd(
            method,
            static (name, of) => new Method<IMessage, IMessage>(
                MethodType.Unary, of.Service, name, MessageMarshaller.Writer, MessageMarshaller.Reader(of.Parser)),
            (Service: _service, Parser: parser));
        using var call = _channel.AsyncUnaryCall(called, host: null, new CallOptions(cancellationToken: cancellationToken), request);
        return (TResponse)await call;
    }

    private static CallInvoker CreateChannel(string address)
    {
        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            // The engine is on loopback: neither a proxy nor a cookie belongs between.
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
        };
        var channel = GrpcChannel.ForAddress($"http://{address}", new GrpcChannelOptions
        {
            // A client, not the handler: given the handler, the library connects by its load balancer, whose errors do not name the address.
            HttpClient = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan },
            MaxReceiveMessageSize = MessageMarshaller.MaxMessageLength,
            MaxSendMessageSize = MessageMarshaller.MaxMessageLength,
            ThrowOperationCanceledOnCancellation = true,
        });
        return channel.CreateCallInvoker();
    }
}
