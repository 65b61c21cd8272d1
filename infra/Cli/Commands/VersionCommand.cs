using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using HaCluster.Cli.Running;
using HaCluster.Cli.Terminal;
using HaCluster.Engine;

namespace HaCluster.Cli.Commands;

/// <summary><c>ha version</c>: the version and commit of this build, and the program that it runs.</summary>
internal static class VersionCommand
{
    public static Command Create(Terminals terminals)
    {
        var command = new Command("version", "Show the version and commit of this tool, and the path of the program that it runs.");
        command.SetAction(_ =>
        {
            new OutputFile(OutputFile.StandardOutput).Write(terminals, stream => stream.Write(Encoding.UTF8.GetBytes(Text())));
            return ExitCode.Success;
        });
        return command;
    }

    private static string Text()
    {
        // The SDK appends the commit of the checkout: 0.1.0+8e1f...; a build from an archive has none.
        var parts = typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+');
        return $"""
            ha {parts[0]}
            commit   {(parts.Length > 1 ? parts[1] : "unknown: it was not built from a checkout")}
            program  {ProgramLocation.Default ?? "not built: dotnet build infra/Stack, or --program FILE"}
            pulumi   {PulumiProtocol.Version}, the version whose protocol the embedded engine speaks
            runtime  {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}

            """.ReplaceLineEndings("\n");
    }
}
