using HaCluster.Cli.Tests.Processes;
using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace HaCluster.Cli.Tests.Documentation;

/// <summary>A page of the repository, read as GitHub reads it.</summary>
/// <param name="path">From the root of the checkout, with slashes.</param>
internal sealed class Page(string path)
{
    private static readonly string[] Foreign = ["bin", "obj", "node_modules", ".git"];

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().UseAutoIdentifiers(AutoIdentifierOptions.GitHub).Build();

    private readonly Lazy<MarkdownDocument> _document = new(() => Markdown.Parse(File.ReadAllText(FullPathOf(path)), Pipeline));

    public static IEnumerable<string> Paths { get; } =
        [.. Under(new DirectoryInfo(Ha.Checkout)).Select(file => Path.GetRelativePath(Ha.Checkout, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    public string Folder => Path.GetDirectoryName(FullPathOf(path))!;

    public string Text => File.ReadAllText(FullPathOf(path));

    /// <summary>What a link to a heading of this page may say after <c>#</c>.</summary>
    public IEnumerable<string> Anchors => _document.Value.Descendants<HeadingBlock>().Select(heading => heading.GetAttributes().Id).OfType<string>();

    /// <summary>Targets of links and pictures, with their lines.</summary>
    public IEnumerable<(string Target, int Line)> Links => _document.Value.Descendants<LinkInline>().Select(link => (link.Url ?? "", link.Line + 1));

    public IEnumerable<(string Code, int Line)> InlineCode => _document.Value.Descendants<CodeInline>().Select(code => (code.Content, code.Line + 1));

    public IEnumerable<CodeSample> Samples => _document.Value.Descendants<FencedCodeBlock>()
        .Select(block => new CodeSample(block.Info ?? "", [.. block.Lines.Lines.Take(block.Lines.Count).Select(line => line.ToString())], block.Line + 2));

    public static string FullPathOf(string path) => Path.Combine(Ha.Checkout, path);

    private static IEnumerable<string> Under(DirectoryInfo directory) =>
        directory.EnumerateFiles("*.md").Select(file => file.FullName)
            .Concat(directory.EnumerateDirectories().Where(each => !Foreign.Contains(each.Name)).SelectMany(Under));
}

/// <summary>A fenced block of a page.</summary>
/// <param name="Language">The word behind the fence.</param>
/// <param name="Line">Of its first line of code.</param>
internal sealed record CodeSample(string Language, IReadOnlyList<string> Lines, int Line)
{
    private const string Prompt = "$ ";

    /// <summary>What the sample shows as a terminal does: each command behind a prompt, and what it printed.</summary>
    public IEnumerable<(string Command, IReadOnlyList<string> Output)> Session
    {
        get
        {
            if (Language != "console")
                yield break;
            for (var i = 0; i < Lines.Count; i++)
            {
                if (Lines[i].StartsWith(Prompt, StringComparison.Ordinal))
                    yield return (Lines[i][Prompt.Length..], [.. Lines.Skip(i + 1).TakeWhile(line => !line.StartsWith(Prompt, StringComparison.Ordinal))]);
            }
        }
    }

    /// <summary>Command lines, continued lines joined.</summary>
    public IEnumerable<(string Command, int Line)> Commands()
    {
        if (Language is not ("sh" or "bash" or "shell" or "console"))
            yield break;
        var joined = "";
        for (var i = 0; i < Lines.Count; i++)
        {
            var line = Lines[i];
            if (Language == "console")
            {
                if (!line.StartsWith(Prompt, StringComparison.Ordinal))
                    continue;
                line = line[Prompt.Length..];
            }

            joined += line.TrimEnd('\\');
            if (line.EndsWith('\\'))
                continue;
            yield return (joined, Line + i);
            joined = "";
        }
    }
}
