using Google.Protobuf;
using Grpc.Core;

namespace HaCluster.Wire;

/// <summary>
/// Messages to bytes and back, for both sides of a call. The marshallers that Grpc.Tools generates stop where Google.Protobuf does, at a nesting of 100,
/// which a Struct reaches with 33 nested objects.
/// </summary>
public static class MessageMarshaller
{
    /// <summary>Largest message in bytes, either way: the 400 MiB of the official SDK.</summary>
    public const int MaxMessageLength = 400 * 1024 * 1024;

    /// <summary>How deep messages may nest: 1,000 nested objects.</summary>
    public const int MaxNesting = 3_000;

    // What parses on any thread: a nested object takes about 1.5 KiB of stack.
    private const int ShallowNesting = 300;
    private const int DeepStackBytes = 32 * 1024 * 1024;

    /// <summary>Writes messages of any type.</summary>
    public static Marshaller<IMessage> Writer { get; } = new(Write, static _ => throw new NotSupportedException("writes only"));

    /// <summary>Reads messages of one type.</summary>
    public static Marshaller<IMessage> Reader(MessageParser parser)
        => new(static (_, _) => throw new NotSupportedException("reads only"), context => Parse(parser, context.PayloadAsNewBuffer()));

    /// <summary>Parses a message that nests up to <see cref="MaxNesting"/>, on a thread with a stack for it if it has to be.</summary>
    /// <exception cref="RpcException">The bytes are not a message of this type, or nest too deeply.</exception>
    public static IMessage Parse(MessageParser parser, byte[] message)
    {
        try
        {
            return Parse(parser, message, ShallowNesting);
        }
        catch (InvalidProtocolBufferException)
        {
            return ParseDeep(parser, message);
        }
    }

    private static IMessage ParseDeep(MessageParser parser, byte[] message)
    {
        IMessage? parsed = null;
        InvalidProtocolBufferException? error = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    parsed = Parse(parser, message, MaxNesting);
                }
                catch (InvalidProtocolBufferException e)
                {
                    error = e;
                }
            },
            DeepStackBytes);
        thread.Start();
        thread.Join();
        return error is null
            ? parsed!
            : throw new RpcException(new Status(StatusCode.Internal, $"the message could not be parsed: {error.Message}", error));
    }

    private static IMessage Parse(MessageParser parser, byte[] message, int nesting)
    {
        using var bytes = new MemoryStream(message, writable: false);
        using var input = CodedInputStream.CreateWithLimits(bytes, int.MaxValue, nesting);
        return parser.ParseFrom(input);
    }

    private static void Write(IMessage message, SerializationContext context)
    {
        context.SetPayloadLength(message.CalculateSize());
        message.WriteTo(context.GetBufferWriter());
        context.Complete();
    }
}
