using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace HaCluster.Planning.Stacks;

/// <summary>A YAML file as a tree with line numbers, so that every error can point to a line.</summary>
internal sealed class YamlFile
{
    private readonly string[] _lines;

    private YamlFile(string path, string text)
    {
        (Path, Text) = (path, text);
        _lines = text.Split('\n');
    }

    public string Path { get; }

    /// <summary>Without a byte order mark.</summary>
    public string Text { get; }

    /// <summary>Of every document that has content, in order.</summary>
    public IReadOnlyList<YamlNode> Roots { get; private set; } = [];

    /// <summary>Null for a file without content.</summary>
    public YamlNode? Root => Roots.Count == 0 ? null : Roots[0];

    /// <exception cref="UnreadableInputException">The file cannot be opened or is not YAML; the message names line and column.</exception>
    public static YamlFile Read(string path)
    {
        string text;
        try
        {
            text = InputFile.ReadText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UnreadableInputException($"{path} cannot be read: {exception.Message}", exception);
        }

        return Parse(path, text);
    }

    public static YamlFile Parse(string path, string text)
    {
        // A byte order mark is not part of the content.
        text = text.TrimStart('\uFEFF');
        var file = new YamlFile(path, text);
        var scanner = new Scanner(new StringReader(text));
        try
        {
            var stream = new YamlStream();
            stream.Load(new ShallowParser(new Parser(scanner)));
            file.Roots = [.. stream.Documents.Select(document => document.RootNode)];
            return file;
        }
        catch (AnchorNotFoundException exception)
        {
            throw file.Error(file.PlaceOf("*" + AnchorIn(exception.Message)), exception.Message, exception);
        }
        catch (YamlException exception)
        {
            // Some errors are marked at the start of the surrounding structure; the current position is more helpful then.
            var isUseful = exception.Start.Line > 1 || exception.Start.Column > 1;
            throw file.Error(isUseful ? exception.Start : scanner.CurrentPosition, Reason(exception.Message), exception);
        }
        catch (InvalidOperationException exception)
        {
            // The parser does not report some unclosed brackets as such.
            throw file.Error(scanner.CurrentPosition, "this is not allowed here: a bracket, brace or quote before it is not closed", exception);
        }
    }

    /// <summary>An error about <paramref name="node"/>, with its line shown.</summary>
    public UnreadableInputException Error(YamlNode node, string problem) => Error(node.Start, problem, null);

    /// <summary>As <c>file:line</c>.</summary>
    public string Place(YamlNode node) => $"{Path}:{node.Start.Line}";

    private UnreadableInputException Error(Mark at, string problem, Exception? inner)
    {
        var message = $"{Path}:{at.Line}:{at.Column}: {problem}";
        if (at.Line >= 1 && at.Line <= _lines.Length)
            message += "\n" + Excerpt.Of(_lines[at.Line - 1].TrimEnd('\r'), at.Line, (int)Math.Max(0, at.Column - 1));
        return inner is null ? new UnreadableInputException(message) : new UnreadableInputException(message, inner);
    }

    private Mark PlaceOf(string text)
    {
        var line = Array.FindIndex(_lines, candidate => candidate.Contains(text, StringComparison.Ordinal));
        return line < 0 ? Mark.Empty : new Mark(0, line + 1, _lines[line].IndexOf(text, StringComparison.Ordinal) + 1);
    }

    private static string AnchorIn(string message) => message.Split('\'') is [_, var anchor, ..] ? anchor : "";

    private static string Reason(string message) =>
        message.Contains("cannot start any token", StringComparison.Ordinal)
            ? "a value cannot begin with this character; quote the value"
            : char.ToLowerInvariant(message[0]) + message[1..].TrimEnd('.');
}
