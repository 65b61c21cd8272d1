using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using HaCluster.Cli.Completion;

namespace HaCluster.Cli.Commands;

/// <summary><c>ha --help</c>: one line per command; each command's own help has the rest.</summary>
internal sealed class RootHelp : SynchronousCommandLineAction
{
    public const string Description = """
        Shows the highly available cluster that a Pulumi stack declares, before anything is created.
        Without arguments: ha plan --stack prod, and whether it survives (ha prove). It needs no AWS account and changes nothing.
        """;

    private const string Environment = """
        Environment:
          COLUMNS=N      the width of the output, also for a file or pipe; less than 60 is taken as 60. Without it the width of the terminal
                         is used, and lines written to a file or pipe are not wrapped.
          NO_COLOR=1     no colours, as with --no-color
        """;

    private readonly HelpAction _ofCommand = new();

    /// <summary>Whoever asks for help may not know yet what is missing.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        if (parseResult.CommandResult.Command is not RootCommand root)
            return _ofCommand.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine(Description);
        output.WriteLine("\nUsage:\n  ha [command] [options]          ha COMMAND --help describes one\n\nCommands:");
        WriteList(output, root.Subcommands.Select(command => (string.Join(' ', [command.Name, .. command.Arguments.Select(NameOf)]), CommandWords.Summary(command))));
        output.WriteLine("\nOptions of every command:");
        WriteList(output, root.Options.Where(option => option is not VersionOption).Select(option => (string.Join(", ", option.Aliases.Where(alias => alias.Length == 2 && alias[0] == '-').Append(option.Name)), option.Description ?? "")));
        output.WriteLine($"\n{Environment}\n\n{ExitCode.Table}");
        return ExitCode.Success;
    }

    private static string NameOf(Argument argument)
    {
        var name = argument.HelpName ?? argument.Name;
        return argument.Arity.MinimumNumberOfValues == 0 || argument.HasDefaultValue ? $"[{name}]" : name;
    }

    private static void WriteList(TextWriter output, IEnumerable<(string Name, string About)> entries)
    {
        var list = entries.ToList();
        var width = list.Max(entry => entry.Name.Length);
        foreach (var (name, about) in list)
            output.WriteLine($"  {name.PadRight(width)}  {about}");
    }
}
