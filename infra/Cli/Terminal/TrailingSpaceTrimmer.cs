using System.Text;

namespace HaCluster.Cli.Terminal;

/// <summary>Leaves out the spaces that a layout puts at the ends of lines: in a file or a pipe they only get in the way.</summary>
internal sealed class TrailingSpaceTrimmer(TextWriter inner) : TextWriter
{
    private int _held;

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value)
    {
        if (value == ' ')
        {
            _held++;
            return;
        }

        if (value is not ('\n' or '\r'))
        {
            for (; _held > 0; _held--)
                inner.Write(' ');
        }

        _held = 0;
        inner.Write(value);
    }

    public override void Flush() => inner.Flush();
}
