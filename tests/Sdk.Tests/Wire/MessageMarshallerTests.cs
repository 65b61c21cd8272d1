using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using HaCluster.Wire;

namespace HaCluster.Sdk.Tests.Wire;

public sealed class MessageMarshallerTests
{
    private const int SmallStackBytes = 256 * 1024;

    /// <summary>Nested objects, written by hand: writing them by recursion would need a deep stack itself.</summary>
    private static byte[] NestedObjects(int depth)
    {
        var bytes = Value.ForString("core").ToByteArray();
        for (var i = 0; i < depth; i++)
        {
            // Struct { fields: { key: "k", value: ... } } in Value.struct_value.
            byte[] entry = [0x0a, 1, (byte)'k', .. Field(0x12, bytes)];
            bytes = Field(0x2a, Field(0x0a, entry));
        }

        return bytes;

        static byte[] Field(byte tag, byte[] content)
        {
            using var stream = new MemoryStream();
            stream.WriteByte(tag);
            var length = (uint)content.Length;
            while (length >= 0x80)
            {
                stream.WriteByte((byte)(length | 0x80));
                length >>= 7;
            }

            stream.WriteByte((byte)length);
            stream.Write(content);
            return stream.ToArray();
        }
    }

    private static T OnSmallStack<T>(Func<T> function)
    {
        T result = default!;
        Exception? error = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = function();
                }
                catch (RpcException e)
                {
                    error = e;
                }
            },
            SmallStackBytes);
        thread.Start();
        thread.Join();
        return error is null ? result : throw error;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(33)]
    [InlineData(100)]
    [InlineData(950)]
    public void Deep_messages_are_parsed_on_whatever_thread(int depth)
    {
        var value = OnSmallStack(() => (Value)MessageMarshaller.Parse(Value.Parser, NestedObjects(depth)));
        for (var i = 0; i < depth; i++)
            value = value.StructValue.Fields["k"];
        Assert.Equal("core", value.StringValue);
    }

    [Fact]
    public void Deeper_ones_are_refused_and_do_no_harm()
    {
        var error = Assert.Throws<RpcException>(() => OnSmallStack(() => (Value)MessageMarshaller.Parse(Value.Parser, NestedObjects(2_000))));
        Assert.Equal(StatusCode.Internal, error.StatusCode);
    }
}
