using System.CommandLine;
using HaCluster.Cli.Running;

namespace HaCluster.Cli.Commands;

/// <summary>The options of every command that works on a stack.</summary>
internal sealed class StackOptions
{
    private readonly Option<string?> _stack = new("--stack", "-s")
    {
        Description = $"The stack, as in Pulumi.STACK.yaml. [default: {StackChoice.DefaultStack}]",
        HelpName = "NAME",
    };

    private readonly Option<string?> _settings = new("--settings")
    {
        Description = "Take the settings from this file instead; the stack is then named after it (Pulumi.NAME.yaml), or by --stack.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _program = new("--program")
    {
        Description = "Run this build of the program (a .dll) instead of the one built with this tool.",
        HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_stack);
        command.Options.Add(_settings);
        AddProgramTo(command);
    }

    /// <summary>For commands that ask the program and need no stack.</summary>
    public void AddProgramTo(Command command) => command.Options.Add(_program);

    public string? ReadProgram(ParseResult parsed) => parsed.GetValue(_program);

    public StackChoice Read(ParseResult parsed) => new(parsed.GetValue(_stack), parsed.GetValue(_settings), parsed.GetValue(_program));
}
