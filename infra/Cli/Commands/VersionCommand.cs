using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using HaCluster.Cli.Running;
using HaCluster.Cli.Terminal;
using HaCluster.Engine;

namespace HaCluster.Cli.Commands;

/// <summary><c>ha version</c>: the version and commit of this build, and the program that it runs.</summary>
internal static class VersionCommand
{
    private const string Format = "hacluster.version/1";

    /// <summary>The SDK appends the commit of the checkout: <c>0.1.0+8e1f...</c>; a build from an archive has none.</summary>
    private static readonly string[] Parts = typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+');

    private static string? Commit => Parts.ElementAtOrDefault(1);

    private static string Runtime => $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}";

    public static Command Create(Terminals terminals)
    {
        var command = new Command("version", "Show the version and commit of this tool, and the path of the program that it runs.");
        var document = new DocumentOptions(command, $"Write the same as JSON ({Format}) to this file, or to standard output without one.");
        command.SetAction(parsed =>
        {
            var json = document.Read(parsed);
            json.WriteJson(terminals, Document());
            if (json.IsStandardOutput)
                return ExitCode.Success;
            new OutputFile(OutputFile.StandardOutput).Write(terminals, stream => stream.Write(Encoding.UTF8.GetBytes(Text())));
            json.Mention(terminals.Out);
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>What is not known is null: the commit of a build outside a checkout, the program where none is built.</summary>
    private static JsonObject Document() => new()
    {
        ["format"] = Format,
        ["version"] = Parts[0],
        ["commit"] = Commit,
        ["program"] = ProgramLocation.Default,
        ["pulumi"] = PulumiProtocol.Version.ToString(),
        ["runtime"] = Runtime,
    };

    private static string Text() => $"""
        ha {Parts[0]}
        commit   {Commit ?? "unknown: it was not built from a checkout"}
        program  {ProgramLocation.Default ?? "not built: dotnet build infra/Stack, or --program FILE"}
        pulumi   {PulumiProtocol.Version}, the version whose protocol the embedded engine speaks
        runtime  {Runtime}

        """.ReplaceLineEndings("\n");
}
