using Google.Protobuf;
using Grpc.Core;
using HaCluster.Wire;

namespace HaCluster.Engine.Serving;

/// <summary>One method of a service.</summary>
internal sealed class UnaryMethod
{
    private readonly Func<IMessage, IMessage> _handle;

    private UnaryMethod(MessageParser parser, Func<IMessage, IMessage> handle)
    {
        Requests = MessageMarshaller.Reader(parser);
        _handle = handle;
    }

    /// <summary>Reads a request.</summary>
    public Marshaller<IMessage> Requests { get; }

    /// <exception cref="RpcException">The call ends with that status.</exception>
    public IMessage Call(IMessage request) => _handle(request);

    public static UnaryMethod Of<TRequest>(Func<TRequest, IMessage> handle)
        where TRequest : IMessage<TRequest>, new() =>
        new(new MessageParser<TRequest>(static () => new TRequest()), request => handle((TRequest)request));
}
