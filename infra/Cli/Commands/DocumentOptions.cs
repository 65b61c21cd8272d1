using System.CommandLine;
using HaCluster.Cli.Completion;
using HaCluster.Cli.Terminal;
using HaCluster.Planning.Stacks;

namespace HaCluster.Cli.Commands;

/// <summary>The destination of a command's document: <c>--json [FILE]</c>, or <c>-o json</c> as in kubectl.</summary>
internal sealed class DocumentOptions
{
    /// <summary>The placeholder in the help for a file that is written.</summary>
    public const string Destination = "FILE|-";

    private const string Json = "json";
    private const string Text = "text";

    private readonly Option<string?> _json;

    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "json: same as --json without a file. text: readable text, the default.",
        HelpName = $"{Json}|{Text}",
    };

    /// <param name="command">With its arguments.</param>
    /// <param name="description">Of --json.</param>
    public DocumentOptions(Command command, string description)
    {
        _json = FileOption("--json", description);
        if (CommandWords.TakesOnlyAttached(_json, command))
            _json.Description += " A file is given as --json=FILE.";
        command.Options.Add(_json);
        command.Options.Add(_output);
    }

    /// <summary>An option whose value is a file; without a value it means standard output.</summary>
    public static Option<string?> FileOption(string name, string description) => new(name)
    {
        Description = description,
        HelpName = Destination,
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = given => given.Tokens is [var path] ? path.Value : OutputFile.StandardOutput,
    };

    /// <exception cref="UnreadableInputException">The value is not a file name, or the two options contradict each other.</exception>
    public OutputFile Read(ParseResult parsed)
    {
        var path = parsed.GetValue(_json);
        return parsed.GetValue(_output) switch
        {
            null => OutputFile.Of(path, _json.Name),
            Json when path is null or OutputFile.StandardOutput => OutputFile.Of(OutputFile.StandardOutput, _json.Name),
            Json => throw new UnreadableInputException($"-o json writes to standard output, and --json {path} to a file; give one of them"),
            Text when path != OutputFile.StandardOutput => OutputFile.Of(path, _json.Name),
            Text => throw new UnreadableInputException("-o text and --json contradict each other; give one of them"),
            var other => throw new UnreadableInputException($"-o {other} is not an output format; use json or text"),
        };
    }
}
