using System.Buffers.Binary;
using Google.Protobuf;

namespace HaCluster.Wire;

/// <summary>
/// The gRPC message frame, the same in both directions: one byte "compressed" (always 0 here), four bytes length (big endian), the message.
/// Used by <see cref="UnaryClient"/> and by servers that read and write the bodies of HTTP/2 requests themselves.
/// </summary>
public static class GrpcFrame
{
    /// <summary>Bytes before the message.</summary>
    public const int HeaderLength = 5;

    /// <summary>Largest message in bytes, either way: the 400 MiB of the official SDK.</summary>
    public const int MaxMessageLength = 400 * 1024 * 1024;

    /// <summary>
    /// How deep messages may nest. Google.Protobuf stops at 100, which a Struct reaches with 33 nested objects; this allows 1,000.
    /// </summary>
    public const int MaxNesting = 3_000;

    // What parses on any thread: a nested object takes about 1.5 KiB of stack.
    private const int ShallowNesting = 300;
    private const int DeepStackBytes = 32 * 1024 * 1024;

    /// <summary>The content type of requests and responses.</summary>
    public const string ContentType = "application/grpc";

    /// <summary>Frames a message.</summary>
    /// <exception cref="RpcException">The message is larger than <see cref="MaxMessageLength"/>.</exception>
    public static byte[] Encode(IMessage message)
    {
        var length = message.CalculateSize();
        if (length > MaxMessageLength)
            throw TooLarge(length);

        var frame = new byte[HeaderLength + length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), length);
        message.WriteTo(frame.AsSpan(HeaderLength));
        return frame;
    }

    /// <summary>Reads exactly one frame and parses its message; what follows in the stream is left there.</summary>
    /// <exception cref="RpcException">The stream ends early, or the frame is compressed, too large or no such message.</exception>
    public static async Task<T> ReadAsync<T>(Stream stream, MessageParser<T> parser, CancellationToken cancellationToken = default)
        where T : IMessage<T>
    {
        var header = new byte[HeaderLength];
        await ReadExactlyAsync(stream, header, cancellationToken);
        if (header[0] != 0)
            throw new RpcException(RpcStatusCode.Unimplemented, "compressed messages are not supported");

        var length = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(1));
        if (length > MaxMessageLength)
            throw TooLarge(length);

        var message = await ReadMessageAsync(stream, (int)length, cancellationToken);
        return Parse(parser, message);
    }

    /// <summary>Parses a message that nests up to <see cref="MaxNesting"/>, on a thread with a stack for it if it has to be.</summary>
    /// <exception cref="RpcException">The bytes are not a message of this type, or nest too deeply.</exception>
    public static T Parse<T>(MessageParser<T> parser, byte[] message) where T : IMessage<T>
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

    private static T ParseDeep<T>(MessageParser<T> parser, byte[] message) where T : IMessage<T>
    {
        T? parsed = default;
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
            : throw new RpcException(RpcStatusCode.Internal, $"the message could not be parsed: {error.Message}", error);
    }

    private static T Parse<T>(MessageParser<T> parser, byte[] message, int nesting) where T : IMessage<T>
    {
        using var bytes = new MemoryStream(message, writable: false);
        using var input = CodedInputStream.CreateWithLimits(bytes, int.MaxValue, nesting);
        return parser.ParseFrom(input);
    }

    // The length is the peer's word: memory is taken as bytes arrive, not before.
    private static async Task<byte[]> ReadMessageAsync(Stream stream, int length, CancellationToken cancellationToken)
    {
        const int trustedLength = 1024 * 1024;
        if (length <= trustedLength)
        {
            var message = new byte[length];
            await ReadExactlyAsync(stream, message, cancellationToken);
            return message;
        }

        using var received = new MemoryStream(trustedLength);
        var chunk = new byte[trustedLength];
        while (received.Length < length)
        {
            var wanted = (int)Math.Min(chunk.Length, length - received.Length);
            await ReadExactlyAsync(stream, chunk.AsMemory(0, wanted), cancellationToken);
            received.Write(chunk, 0, wanted);
        }

        return received.ToArray();
    }

    private static async Task ReadExactlyAsync(Stream stream, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            await stream.ReadExactlyAsync(buffer, cancellationToken);
        }
        catch (EndOfStreamException e)
        {
            throw new RpcException(RpcStatusCode.Internal, "the stream ended before the message was complete", e);
        }
    }

    private static RpcException TooLarge(long length)
        => new(RpcStatusCode.ResourceExhausted, $"a message of {length} bytes is larger than the allowed {MaxMessageLength}");
}
