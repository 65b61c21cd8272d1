using System.Text;

namespace HaCluster.Cli.Terminal;

/// <summary>
/// Writes text to a file or a pipe: drops the spaces that the layout puts at the ends of lines, and
/// writes line by line.
/// </summary>
/// <param name="inner">Buffered; it is flushed when this writer is.</param>
/// <param name="name">Its name in the error message when writing fails; null where that is ignored, since the message could not be written either.</param>
/// <param name="passesLinesOn">Whether every line is flushed at once, as error messages must be.</param>
internal sealed class PlainWriter(TextWriter inner, string? name, bool passesLinesOn) : TextWriter
{
    private readonly StringBuilder _line = new();

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value)
    {
        if (value == '\n')
            EndLine();
        else
            _line.Append(value);
    }

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(ReadOnlySpan<char> buffer)
    {
        for (var end = buffer.IndexOf('\n'); end >= 0; end = buffer.IndexOf('\n'))
        {
            _line.Append(buffer[..end]);
            EndLine();
            buffer = buffer[(end + 1)..];
        }

        _line.Append(buffer);
    }

    /// <exception cref="OutputFailedException">Such as on a full disk, or when it was closed.</exception>
    public override void Flush() => Guard(() =>
    {
        // Spaces are held back until more text follows on the line.
        var length = TrimmedLength();
        inner.Write(_line.ToString(0, length));
        _line.Remove(0, length);
        inner.Flush();
    });

    private void EndLine() => Guard(() =>
    {
        _line.Length = TrimmedLength();
        inner.Write(_line.Append('\n'));
        _line.Clear();
        if (passesLinesOn)
            inner.Flush();
    });

    private int TrimmedLength()
    {
        var length = _line.Length;
        while (length > 0 && _line[length - 1] is ' ' or '\r')
            length--;
        return length;
    }

    private void Guard(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (name is not null)
                throw new OutputFailedException($"{name} cannot be written: {(exception.InnerException ?? exception).Message}", exception);
        }
    }
}

/// <summary>The result exists but cannot be written. The message is complete and readable.</summary>
internal sealed class OutputFailedException(string message, Exception? inner = null) : Exception(message, inner);
