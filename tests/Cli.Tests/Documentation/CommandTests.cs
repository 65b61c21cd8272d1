using System.Globalization;
using System.Text.RegularExpressions;

namespace HaCluster.Cli.Tests.Documentation;

/// <summary>Every command in a page can be given: the commands and options of <c>ha</c> and of the services exist, and so do projects, scripts and folders.</summary>
public sealed partial class CommandTests
{
    public static TheoryData<string> Pages => new(Page.Paths);

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_command_of_a_code_block_can_be_given(string page) =>
        Assert.Empty(new Page(page).Samples.SelectMany(sample => sample.Commands()).SelectMany(each => Problems(each.Command).Select(problem => $"{page}:{each.Line}: {each.Command}: {problem}")));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_command_and_every_path_in_the_text_exists(string page) =>
        Assert.Empty(new Page(page).InlineCode.SelectMany(each => ProblemsInText(each.Code).Select(problem => $"{page}:{each.Line}: `{each.Code}`: {problem}")));

    [Fact]
    public void Every_command_of_ha_is_in_the_table_of_commands()
    {
        var described = new Page("infra/Planning/README.md").InlineCode.Select(each => each.Code).Where(code => code.StartsWith("ha ", StringComparison.Ordinal)).Select(code => code.Split(' ')[1]);
        Assert.Empty(DocumentedProgram.Ha.Root.Subcommands.Where(command => !command.Hidden).Select(command => command.Name).Except(described));
    }

    [Fact]
    public void Every_exit_code_is_in_the_table_of_exit_codes()
    {
        var codes = typeof(ExitCode).GetFields().Where(field => field.IsLiteral && field.FieldType == typeof(int)).Select(field => (int)field.GetRawConstantValue()!);
        var described = CodeRow().Matches(new Page("infra/Planning/README.md").Text).Select(row => int.Parse(row.Groups["code"].ValueSpan, CultureInfo.InvariantCulture));
        Assert.Equal(codes.Order(), described.Order());
    }

    [Theory]
    [InlineData("ha prve")]
    [InlineData("ha prove --explains")]
    [InlineData("dotnet run --project infra/Cli -- plan --stak dev")]
    [InlineData("dotnet run --project infra/None")]
    [InlineData("dotnet test tests/None.Tests")]
    [InlineData("dotnet test tests/Cli.Tests --filter FullyQualifiedName~NoSuchTests")]
    [InlineData("bash tests/none")]
    [InlineData("cd infra/Sdk && node extract.mjs")]
    [InlineData("git pull && HA=1 ha prove --explains")]
    [InlineData("if ! ha plan --stak dev > plan.txt; then")]
    [InlineData("payments signer --key keys.json")]
    [InlineData("payments --ethereum")]
    [InlineData("dotnet run --project infra/Services/Payments -- new-keys hot.key --chain ethereum")]
    [InlineData("dotnet run --project infra/Services/Ledger -- verify archive --keyz KEY")]
    [InlineData("ledger verify archive --keys KEY")]
    [InlineData("kubectl -n payments exec deploy/payments -c payments -- dotnet payments.dll key ad alice view")]
    public void What_cannot_be_given_is_found(string command) => Assert.NotEmpty(Problems(command));

    [Theory]
    [InlineData("ha prove --explains")]
    [InlineData("ha prve")]
    [InlineData("payments forwarder")]
    [InlineData("payments key add NAME --rights")]
    [InlineData("ledger hold lift")]
    [InlineData("ledger prove ID ARCHIVE --streams NAME")]
    [InlineData("dotnet payments.dll key revok NAME")]
    public void What_a_synopsis_has_wrong_is_found(string code) => Assert.NotEmpty(ProblemsInText(code));

    /// <summary>What of a line of a shell cannot be given.</summary>
    internal static IEnumerable<string> Problems(string line)
    {
        var folder = ".";
        foreach (var command in Separator().Split(Redirection().Replace(Comment().Replace(line, ""), "")))
        {
            var words = Word().Matches(command).Select(word => word.Value.Replace("\"", "", StringComparison.Ordinal).Replace("'", "", StringComparison.Ordinal))
                .SkipWhile(word => Assignment().IsMatch(word) || word is "if" or "!" or "then" or "else").ToList();
            if (words is ["cd", var to])
                folder = Path.Combine(folder, to);
            foreach (var problem in ProblemsOf(words, folder))
                yield return problem;
        }
    }

    private static IEnumerable<string> ProblemsOf(List<string> words, string folder) => words switch
    {
        ["cd", _] => Missing(folder),
        [var program, .. var arguments] when DocumentedProgram.Named(program) is { } own => own.Refused(arguments),
        ["kubectl", ..] when words.IndexOf("--") is > 0 and var at => ProblemsOf(words[(at + 1)..], folder),
        ["bash" or "node", var script, ..] when !script.StartsWith('-') => Missing(Path.Combine(folder, script)),
        ["dotnet", "run", .. var arguments] => ProblemsOfRun(arguments),
        ["dotnet", "build" or "test" or "format" or "pack" or "publish", var project, .. var options] =>
            MissingProject(project).Concat(options is ["--filter", var filter, ..] ? NoTests(project, filter) : []),
        ["dotnet", var assembly, .. var arguments] when DocumentedProgram.OfAssembly(assembly) is { } own =>
            (assembly.Split("/bin/") is [var project, _] ? MissingProject(project) : []).Concat(own.Refused(arguments)),
        _ => [],
    };

    private static IEnumerable<string> ProblemsOfRun(List<string> arguments)
    {
        var project = arguments.SkipWhile(word => word != "--project").ElementAtOrDefault(1) ?? ".";
        return MissingProject(project).Concat(DocumentedProgram.OfProject(project)?.Refused([.. arguments.SkipWhile(word => word != "--").Skip(1).Where(word => word != "...")]) ?? []);
    }

    private static IEnumerable<string> Missing(string path) =>
        File.Exists(Page.FullPathOf(path)) || Directory.Exists(Page.FullPathOf(path)) ? [] : [$"{path} does not exist"];

    private static IEnumerable<string> MissingProject(string path)
    {
        var full = Page.FullPathOf(path);
        return File.Exists(full) || (Directory.Exists(full) && Directory.GetFiles(full, "*.csproj").Length == 1) ? [] : [$"{path} is not a project"];
    }

    private static IEnumerable<string> NoTests(string project, string filter)
    {
        var part = filter.Split('~')[^1];
        return Directory.EnumerateFileSystemEntries(Page.FullPathOf(project), $"{part}*", SearchOption.AllDirectories).Any(entry => !entry.Contains("/bin/") && !entry.Contains("/obj/"))
            ? [] : [$"{project} has no tests named {part}"];
    }

    private static IEnumerable<string> ProblemsInText(string code)
    {
        var words = code.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word.Trim('[', ']', '|', ',')).ToList();
        if (words is [var name, .. { Count: > 0 } rest] && DocumentedProgram.Named(name) is { } program)
            return program.UnknownInSynopsis(rest);
        if (words is ["dotnet", var assembly, .. var given] && DocumentedProgram.OfAssembly(assembly) is { } own)
            return own.UnknownInSynopsis(given);
        if (words is ["bash" or "dotnet", ..])
            return Problems(code);
        return code.Length > 0 && RepositoryPath().IsMatch(code) ? Missing(code) : [];
    }

    [GeneratedRegex(@"(^|\s)#.*\z")]
    private static partial Regex Comment();

    [GeneratedRegex("""\s[12]?>{1,2}\s*("[^"]*"|\S+)""")]
    private static partial Regex Redirection();

    [GeneratedRegex(@"&&|\|\||[;|]")]
    private static partial Regex Separator();

    [GeneratedRegex("""("[^"]*"|'[^']*'|[^\s"'])+""")]
    private static partial Regex Word();

    [GeneratedRegex(@"^[A-Z_]+=")]
    private static partial Regex Assignment();

    [GeneratedRegex(@"^(infra|tests|examples|module)/[A-Za-z0-9_./-]+\z")]
    private static partial Regex RepositoryPath();

    [GeneratedRegex(@"^\| (?<code>[0-9]+) \|", RegexOptions.Multiline)]
    private static partial Regex CodeRow();
}
