using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using HaCluster.Wire;

namespace HaCluster.Engine.Serving;

/// <summary>
/// Lets messages above a size pass one at a time, so that memory is bounded by the largest message and not by how many a program sends
/// at once. Those that wait are held back by HTTP/2 flow control.
/// </summary>
internal sealed class LargeMessageGate : IDisposable
{
    private const uint LargeBytes = 4 * 1024 * 1024;

    // Of a gRPC frame: one byte "compressed", four bytes length (big endian).
    private const int HeaderLength = 5;

    private readonly SemaphoreSlim _turn = new(1, 1);

    public void Dispose() => _turn.Dispose();

    /// <summary>Looks at the length the peer announces, without consuming it.</summary>
    /// <returns>Dispose it when the message is released; null for a small message.</returns>
    public async Task<IDisposable?> EnterAsync(PipeReader body, CancellationToken cancellationToken)
    {
        var read = await body.ReadAtLeastAsync(HeaderLength, cancellationToken);
        var isLarge = AnnouncedLength(read.Buffer) is > LargeBytes and <= MessageMarshaller.MaxMessageLength;
        body.AdvanceTo(read.Buffer.Start);
        if (!isLarge)
            return null;
        await _turn.WaitAsync(cancellationToken);
        return new Turn(_turn);
    }

    private static uint AnnouncedLength(ReadOnlySequence<byte> buffer)
    {
        if (buffer.Length < HeaderLength)
            return 0;
        Span<byte> header = stackalloc byte[HeaderLength];
        buffer.Slice(0, HeaderLength).CopyTo(header);
        return BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
    }

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
