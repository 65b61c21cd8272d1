using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace HaCluster.Tests.Shared.Reference;

/// <summary>What a program says of its commands with --help, as tables.</summary>
/// <param name="name">What pages call the program.</param>
/// <param name="run">Runs it with arguments; what it prints goes to the writer.</param>
internal sealed partial class CommandHelp(string name, Func<string[], TextWriter, Task<int>> run)
{
    private readonly List<(string Name, string Meaning)> _common = [];

    /// <summary>A table for each command, of its arguments and options.</summary>
    public async Task<string> TablesAsync()
    {
        var text = new StringBuilder("\n");
        await WriteAsync(text, []);
        return text.ToString();
    }

    /// <summary>The codes in the help, which says "Exit codes: 0 stopped; 2 wrong arguments."</summary>
    public async Task<string> ExitCodesAsync()
    {
        var text = new StringBuilder("\n| exit code | meaning |\n|---|---|\n");
        foreach (var code in await CodesAsync())
            text.Append(CultureInfo.InvariantCulture, $"| {code.Key} | {ReferencePage.Cell(code.Value)} |\n");
        return text.Append('\n').ToString();
    }

    public async Task<IReadOnlyDictionary<int, string>> CodesAsync()
    {
        var said = (await HelpAsync([])).Single(line => line.StartsWith("  Exit codes: ", StringComparison.Ordinal))["  Exit codes: ".Length..].TrimEnd('.');
        return said.Split("; ").ToDictionary(code => int.Parse(code[..code.IndexOf(' ', StringComparison.Ordinal)], CultureInfo.InvariantCulture), code => code[(code.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
    }

    private async Task WriteAsync(StringBuilder text, string[] command)
    {
        var help = await HelpAsync(command);
        var (rows, isRoot) = (RowsOf(help).ToArray(), command.Length == 0);
        var commands = Section(help, "Commands:").Select(line => line.Trim().Split(' ')[0]).ToArray();
        if (isRoot)
            _common.AddRange(rows);
        if (rows.Length > 0 && (isRoot || commands.Length == 0))
        {
            var own = rows.Where(row => isRoot || !_common.Contains(row)).ToArray();
            text.Append(CultureInfo.InvariantCulture, $"### `{string.Join(' ', command.Prepend(name))}`\n\n{ReferencePage.Cell(help[1].Trim())}\n\n");
            if (own.Length > 0)
                text.Append("| option | meaning |\n|---|---|\n").AppendJoin("", own.Select(row => $"| {row.Name} | {ReferencePage.Cell(row.Meaning)} |\n")).Append('\n');
            if (own.Length < rows.Length)
                text.Append(CultureInfo.InvariantCulture, $"And {string.Join(", ", rows.Except(own).Select(row => row.Name))}, as above.\n\n");
        }

        foreach (var one in commands)
            await WriteAsync(text, [.. command, one]);
    }

    private static IEnumerable<(string Name, string Meaning)> RowsOf(IReadOnlyList<string> help) =>
        Section(help, "Arguments:").Concat(Section(help, "Options:"))
            .Select(line => Option.Match(line))
            .Where(match => match.Success && match.Groups["name"].Value is not ("-?, -h, --help" or "--version"))
            .Select(match => ($"`{match.Groups["name"].Value.Replace("<", "", StringComparison.Ordinal).Replace(">", "", StringComparison.Ordinal)}`{(match.Groups["required"].Success ? " (required)" : "")}", match.Groups["meaning"].Value));

    private static IEnumerable<string> Section(IReadOnlyList<string> help, string heading) => help.SkipWhile(line => line != heading).Skip(1).TakeWhile(line => line.Length > 0);

    private async Task<IReadOnlyList<string>> HelpAsync(string[] command)
    {
        using var output = new StringWriter();
        Assert.Equal(0, await run([.. command, "--help"], output));
        return [.. output.ToString().Split('\n').Select(line => line.TrimEnd('\r'))];
    }

    [GeneratedRegex(@"\A  (?<name>\S.*?)(?<required> \(REQUIRED\))?  +(?<meaning>\S.*?)( \[default: .*\])?\z")]
    private static partial Regex Option { get; }
}
