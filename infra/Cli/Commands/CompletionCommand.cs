using System.CommandLine;
using System.Text;
using HaCluster.Cli.Completion;
using HaCluster.Cli.Terminal;
using HaCluster.Planning.Stacks;

namespace HaCluster.Cli.Commands;

/// <summary><c>ha completion SHELL</c>: the shell completion script, for commands, options and names of stacks.</summary>
internal static class CompletionCommand
{
    public static Command Create(RootCommand root, Terminals terminals)
    {
        var shell = new Argument<string>("SHELL") { Description = "The shell. Comments in the script say where to install it.", HelpName = string.Join('|', CompletionScripts.Shells) };
        var command = new Command("completion", "Print the shell completion script for ha.") { shell };
        command.SetAction(parsed =>
        {
            var name = parsed.GetRequiredValue(shell);
            if (!CompletionScripts.Shells.Contains(name))
                throw new UnreadableInputException($"there is no completion script for '{name}'; choose one of: {string.Join(", ", CompletionScripts.Shells)}");
            var script = CompletionScripts.For(name, CommandWords.Of(root)).ReplaceLineEndings("\n");
            new OutputFile(OutputFile.StandardOutput).Write(terminals, stream => stream.Write(Encoding.UTF8.GetBytes(script)));
            return ExitCode.Success;
        });
        return command;
    }
}
