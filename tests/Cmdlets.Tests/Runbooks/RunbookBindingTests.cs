using HaCluster.Cmdlets.Tests.Hosting;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace HaCluster.Cmdlets.Tests.Runbooks;

/// <summary>What a page tells a person to type is accepted by PowerShell.</summary>
public sealed class RunbookBindingTests
{
    [Fact]
    public void Every_command_of_a_page_binds()
    {
        using var shell = new Shell();
        var pages = Pages().ToList();
        var snippets = pages.SelectMany(page => Snippets(page).Select(snippet => (Page: Path.GetRelativePath(Checkout.Root, page), Text: snippet))).ToList();
        Assert.Contains(snippets, snippet => snippet.Text.StartsWith("Restart-HaWorkload", StringComparison.Ordinal));
        Assert.Empty(snippets.SelectMany(snippet => Binding.ProblemsOf(shell, snippet.Text).Select(problem => $"{snippet.Page}: {problem}")));
    }

    [Fact]
    public void Every_script_parses_and_binds()
    {
        using var shell = new Shell();
        var scripts = Directory.EnumerateFiles(Checkout.Runbooks, "*.ps1", SearchOption.AllDirectories).ToList();
        Assert.NotEmpty(scripts);
        Assert.Empty(scripts.SelectMany(script => Binding.ProblemsOf(shell, File.ReadAllText(script)).Select(problem => $"{Path.GetFileName(script)}: {problem}")));
    }

    private static IEnumerable<string> Pages() => new[] { "examples", "module", "infra" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Checkout.Root, folder), "*.md", SearchOption.AllDirectories))
        .Append(Path.Combine(Checkout.Root, "README.md")).Append(Path.Combine(Checkout.Root, "CONTRIBUTING.md"))
        .Where(page => !page.Contains("node_modules", StringComparison.Ordinal) && !page.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    /// <summary>Code in a sentence, and blocks of PowerShell, that use a cmdlet of this module.</summary>
    private static IEnumerable<string> Snippets(string page)
    {
        var document = Markdown.Parse(File.ReadAllText(page));
        var inline = document.Descendants<CodeInline>().Select(code => code.Content);
        var blocks = document.Descendants<FencedCodeBlock>().Where(block => block.Info is "powershell" or "ps1").Select(block => block.Lines.ToString());
        return inline.Concat(blocks).Where(code => code.Contains("-Ha", StringComparison.Ordinal) && !code.Contains('*', StringComparison.Ordinal) && char.IsAsciiLetterUpper(code.TrimStart()[0]) || code.TrimStart().StartsWith('$') && code.Contains("-Ha", StringComparison.Ordinal));
    }
}
