namespace HaCluster.Cmdlets.Views;

/// <summary>Lines of a screen, in which control sequences for colours take no room.</summary>
internal static class Lines
{
    private const string Reset = "\e[0m";

    /// <summary>Breaks a line between words; its continuation is indented. What is longer than <paramref name="most"/> lines is cut, with an ellipsis.</summary>
    public static IEnumerable<string> Wrap(string line, int width, int indent, int most = int.MaxValue)
    {
        indent = Math.Min(indent, width / 2);
        for (var written = 1; ; written++)
        {
            var end = Length(line, width);
            if (end == line.Length)
            {
                yield return line;
                yield break;
            }

            if (written == most)
            {
                yield return line[..Length(line, width - 1)] + "…" + (line.Contains('\e') ? Reset : "");
                yield break;
            }

            // A word that is longer than a line is broken where the line ends.
            var space = line.LastIndexOf(' ', end);
            var at = space > indent ? space : end;
            yield return line[..at].TrimEnd();
            line = new string(' ', indent) + line[at..].TrimStart();
        }
    }

    /// <summary>How many characters fill this width, or all.</summary>
    private static int Length(string line, int width)
    {
        var visible = 0;
        for (var at = 0; at < line.Length; at++)
        {
            if (line[at] == '\e')
                at = line.IndexOf('m', at);
            else if (visible++ == width)
                return at;
        }

        return line.Length;
    }
}
