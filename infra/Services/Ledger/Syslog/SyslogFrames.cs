namespace HaCluster.Ledger.Syslog;

/// <summary>Cuts a stream of octet-counted messages apart (https://www.rfc-editor.org/rfc/rfc5425#section-4.3), in bounded memory.</summary>
/// <param name="largest">Bytes of a message.</param>
/// <param name="limit">In which a message that has begun has to be there.</param>
/// <param name="time">Measures it. Default: that of the system.</param>
internal sealed class SyslogFrames(Stream stream, int largest, TimeSpan limit, TimeProvider? time = null)
{
    private const int FirstSize = 16 << 10;

    /// <summary>Of a connection on which much comes: its messages are stored in fewer batches.</summary>
    private const int BusySize = 128 << 10;

    /// <summary>At once, so that a batch stays small.</summary>
    private const int MostFrames = 1000;

    private byte[] _buffer = new byte[FirstSize];
    private int _start;
    private int _end;
    private bool _isBusy;

    /// <returns>Messages that are there, at least one, which are valid until the next call; none at the end.</returns>
    /// <exception cref="SyslogException">It is not octet-counted, a message is too large or too slow, or the connection ended within one.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task<List<ReadOnlyMemory<byte>>> ReadAsync(CancellationToken cancellationToken)
    {
        var frames = new List<ReadOnlyMemory<byte>>();
        while (true)
        {
            // A fault behind messages that are good is reported when they are stored.
            while (frames.Count < MostFrames && TryTake(isFirst: frames.Count == 0) is { } frame)
                frames.Add(frame);
            if (frames.Count > 0)
                return frames;
            MakeRoom();
            if (await FillAsync(cancellationToken) > 0)
                continue;
            return _start == _end ? [] : throw new SyslogException("incomplete", "the connection ended within a message");
        }
    }

    private ReadOnlyMemory<byte>? TryTake(bool isFirst)
    {
        var waiting = _buffer.AsSpan(_start, _end - _start);
        var (length, digits) = (0, 0);
        while (digits < waiting.Length && waiting[digits] is >= (byte)'0' and <= (byte)'9')
        {
            length = 10 * length + waiting[digits++] - '0';
            if (length == 0 || length > largest)
                return Fail(isFirst, length == 0 ? Malformed : new SyslogException("too-large", $"a message has more than {largest} bytes"));
        }

        if (digits == waiting.Length)
            return null;
        if (digits == 0 && waiting[0] == '<')
            return Fail(isFirst, new SyslogException("not-octet-counted", "the sender separates messages by line breaks; RFC 5425 requires octet counting (in rsyslog TCP_Framing=\"octet-counted\")"));
        if (digits == 0 || waiting[digits] != ' ')
            return Fail(isFirst, Malformed);
        var begin = digits + 1;
        if (waiting.Length < begin + length)
            return null;
        var frame = _buffer.AsMemory(_start + begin, length);
        _start += begin + length;
        return frame;
    }

    private static SyslogException Malformed => new("invalid-frame", "the frame is not a length, a space and a message of that length; the sender must use octet counting (RFC 5425)");

    private static ReadOnlyMemory<byte>? Fail(bool isFirst, SyslogException fault) => isFirst ? throw fault : null;

    private void MakeRoom()
    {
        var waiting = _end - _start;
        // A message that is not complete, and its length; or there is more than one reading takes.
        var needed = waiting == _buffer.Length ? Math.Min(2 * waiting, Math.Max(BusySize, largest + FirstSize))
            : _isBusy && _buffer.Length < BusySize ? 2 * _buffer.Length : _buffer.Length;
        if (needed == _buffer.Length && _start == 0)
            return;
        var target = needed > _buffer.Length ? new byte[needed] : _buffer;
        _buffer.AsSpan(_start, waiting).CopyTo(target);
        (_buffer, _start, _end) = (target, 0, waiting);
    }

    private async Task<int> FillAsync(CancellationToken cancellationToken)
    {
        // Between messages a connection may be idle forever.
        using var late = _end > _start ? new CancellationTokenSource(limit, time ?? TimeProvider.System) : null;
        using var slow = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late?.Token ?? CancellationToken.None);
        try
        {
            var count = await stream.ReadAsync(_buffer.AsMemory(_end), slow.Token);
            _end += count;
            _isBusy = _end == _buffer.Length;
            return count;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SyslogException("too-slow", $"a message was not complete after {limit.TotalSeconds:0} seconds");
        }
    }
}
