using System.Net.WebSockets;
using System.Text;

namespace HaCluster.Operations.Kubernetes;

/// <summary>
/// The bytes of one port of a pod in the messages of a WebSocket, as the kubelet puts them
/// (https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/kubelet/pkg/cri/streaming/portforward/websocket.go): a message begins with its channel, 0 for data and
/// 1 for an error, and the first two bytes of each channel are the port.
/// </summary>
/// <remarks>
/// StreamDemuxer of KubernetesClient 21 is not used: a read of its streams holds a thread and cannot be cancelled, and what the kubelet says of a connection that fails is lost.
/// </remarks>
internal sealed class PodPortStream(WebSocket socket) : Stream
{
    public const string Protocol = "v4.channel.k8s.io";

    private const byte Data = 0, Error = 1;
    private const int PartSize = 32 * 1024;
    private const int LongestError = 1024;

    private readonly byte[] _part = new byte[PartSize];
    private readonly int[] _portBytes = [sizeof(ushort), sizeof(ushort)];
    private readonly StringBuilder _error = new();
    private readonly byte[] _message = new byte[1 + PartSize];

    /// <summary>Null between two messages.</summary>
    private byte? _channel;

    private ReadOnlyMemory<byte> _received;
    private bool _hasEnded;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="IOException">The connection broke, or the kubelet could not make it: nothing listens on the port.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // Also a read of no bytes, with which TLS waits, ends only when there is something.
        while (_received.Length == 0 && !_hasEnded)
            await ReceiveAsync(cancellationToken);
        var count = Math.Min(buffer.Length, _received.Length);
        _received[..count].CopyTo(buffer);
        _received = _received[count..];
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _message[0] = Data;
        while (buffer.Length > 0)
        {
            var count = Math.Min(buffer.Length, PartSize);
            buffer[..count].CopyTo(_message.AsMemory(1));
            try
            {
                await socket.SendAsync(_message.AsMemory(0, 1 + count), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
            }
            catch (WebSocketException exception)
            {
                throw new IOException($"the connection to the pod broke: {exception.Message}", exception);
            }

            buffer = buffer[count..];
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Write asynchronously.");

    public override void Flush()
    {
        // Each write is a message.
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            socket.Dispose();
        base.Dispose(disposing);
    }

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        ValueWebSocketReceiveResult result;
        try
        {
            result = await socket.ReceiveAsync(_part.AsMemory(), cancellationToken);
        }
        catch (WebSocketException exception)
        {
            throw new IOException($"the connection to the pod broke: {exception.Message}", exception);
        }

        if (result.MessageType == WebSocketMessageType.Close)
        {
            _hasEnded = true;
            return;
        }

        ReadOnlyMemory<byte> part = _part.AsMemory(0, result.Count);
        if (_channel is null && part.Length > 0)
            (_channel, part) = (part.Span[0], part[1..]);
        if (_channel is { } channel and (Data or Error))
        {
            var skipped = Math.Min(part.Length, _portBytes[channel]);
            _portBytes[channel] -= skipped;
            part = part[skipped..];
            if (channel == Data)
                _received = part;
            else if (_error.Length < LongestError)
                _error.Append(Encoding.UTF8.GetString(part.Span));
        }

        if (!result.EndOfMessage)
            return;
        _channel = null;
        if (_error.Length > 0)
            throw new IOException(_error.ToString());
    }
}
