using Google.Protobuf;
using HaCluster.Wire;

namespace HaCluster.Engine.Serving;

/// <summary>One method of a service.</summary>
internal abstract class UnaryMethod
{
    /// <summary>Reads the one message that the body of a unary call must be.</summary>
    /// <exception cref="RpcException">The body is not exactly one frame with such a message.</exception>
    public abstract Task<IMessage> ReadAsync(Stream body, CancellationToken cancellationToken);

    /// <exception cref="RpcException">The call ends with that status.</exception>
    public abstract IMessage Call(IMessage request);

    public static UnaryMethod Of<TRequest>(Func<TRequest, IMessage> handle)
        where TRequest : IMessage<TRequest>, new() =>
        new Bound<TRequest>(handle);

    private sealed class Bound<TRequest>(Func<TRequest, IMessage> handle) : UnaryMethod
        where TRequest : IMessage<TRequest>, new()
    {
        private static readonly MessageParser<TRequest> Parser = new(() => new TRequest());

        public override async Task<IMessage> ReadAsync(Stream body, CancellationToken cancellationToken)
        {
            var message = await GrpcFrame.ReadAsync(body, Parser, cancellationToken);
            return await body.ReadAsync(new byte[1], cancellationToken) == 0
                ? message
                : throw new RpcException(RpcStatusCode.Internal, "the request of a unary call contains more than one message");
        }

        public override IMessage Call(IMessage request) => handle((TRequest)request);
    }
}
