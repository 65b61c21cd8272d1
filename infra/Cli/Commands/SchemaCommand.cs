using System.CommandLine;
using System.Text;
using HaCluster.Cli.Running;
using HaCluster.Cli.Terminal;

namespace HaCluster.Cli.Commands;

/// <summary><c>ha schema</c>: the JSON Schema of stack files, for editors.</summary>
internal static class SchemaCommand
{
    public static Command Create(StackOptions options, Terminals terminals)
    {
        var output = new Option<string?>("--out") { Description = "Write it to this file instead of standard output.", HelpName = DocumentOptions.Destination };
        var command = new Command(
            "schema",
            "Write the JSON Schema of stack files. Editors that read YAML (yaml-language-server) check and complete Pulumi.STACK.yaml with it.");
        command.Options.Add(output);
        options.AddProgramTo(command);
        command.SetAction((parsed, token) => RunAsync(parsed.GetValue(output) ?? "-", options.ReadProgram(parsed), terminals, token));
        return command;
    }

    private static async Task<int> RunAsync(string target, string? programPath, Terminals terminals, CancellationToken cancellationToken)
    {
        var file = OutputFile.Of(target, "--out");
        var schema = await SettingsDescription.SchemaAsync(programPath, cancellationToken);
        file.Write(terminals, stream => stream.Write(Encoding.UTF8.GetBytes(schema)));
        file.Mention(terminals.Out);
        return ExitCode.Success;
    }
}
