using System.Buffers;
using System.Globalization;
using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace HaCluster.Cli.Terminal;

/// <summary>
/// Escapes control characters in names and values, because the terminal would execute them: move the cursor, set its title, hide text.
/// They are shown as <c>\u001b</c>.
/// </summary>
internal static class ControlCharacters
{
    // C0 without tab and line feed, DEL, C1, and characters that reorder text (https://trojansource.codes).
    private static readonly SearchValues<char> Unsafe = SearchValues.Create([
        .. Enumerable.Range(0, 0x20).Where(code => code is not ('\t' or '\n')).Concat(Enumerable.Range(0x7f, 0x21))
            .Concat(Enumerable.Range(0x202a, 5)).Concat(Enumerable.Range(0x2066, 4)).Select(code => (char)code),
    ]);

    public static string Show(string text)
    {
        if (text.AsSpan().IndexOfAny(Unsafe) < 0)
            return text;
        var shown = new StringBuilder();
        foreach (var one in text.Replace("\r\n", "\n", StringComparison.Ordinal))
        {
            if (Unsafe.Contains(one))
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)one:x4}");
            else
                shown.Append(one);
        }

        return shown.ToString();
    }

    /// <summary>Writes a line that is never wrapped or cut, because a key, path or command must stay in one piece to be searched and copied.</summary>
    public static void WriteRaw(this IAnsiConsole console, string line) => console.Profile.Out.Writer.WriteLine(Show(line));

    /// <summary>Applies to everything that a console lays out.</summary>
    public sealed class Hook : IRenderHook
    {
        public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables) =>
            renderables.Select(renderable => new Shown(renderable));
    }

    private sealed class Shown(IRenderable inner) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => inner.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => inner.Render(options, maxWidth)
            .Select(segment => segment.IsControlCode || segment.IsLineBreak ? segment : new Segment(Show(segment.Text), segment.Style));
    }
}
