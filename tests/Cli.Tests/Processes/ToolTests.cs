using System.Runtime.InteropServices;

namespace HaCluster.Cli.Tests.Processes;

/// <summary>The tool as it is packed, away from any checkout.</summary>
public sealed class ToolTests
{
    /// <summary>The first build in a pipeline, whose log has the output of earlier steps.</summary>
    [SkippableFact]
    public void The_notice_of_the_first_build_is_appended_to_a_log()
    {
        Skip.IfNot(Directory.Exists("/proc/self/fd"), "needs /proc");
        using var scratch = new Scratch();
        var log = scratch.Write("log", "an earlier step\n");
        var built = Ha.Shell(Ha.Checkout, $"dotnet msbuild infra/Cli -t:SayThatItBuilds -p:MSBuildIsRestoring=true -p:Configuration=NotBuilt -nologo -v:q >> '{log}' 2>&1");
        Assert.Equal((0, ""), (built.ExitCode, built.Error));
        Assert.Matches(@"^an earlier step\nBuilding ha [^\n]*\n", File.ReadAllText(log));
    }

    [SkippableFact]
    public void The_packed_tool_is_installed_and_brings_its_program_along()
    {
        Skip.If(OperatingSystem.IsWindows(), "needs a POSIX shell");
        using var scratch = new Scratch();
        // Building the program again would replace it while other tests run it.
        // Without a network, and without NuGet's folders of the user.
        scratch.Write("NuGet.config", $"""<configuration><packageSources><clear /><add key="packed" value="{scratch.Path}" /></packageSources></configuration>""");
        var installed = Ha.Shell(Ha.Checkout, $"""
            dotnet pack infra/Cli -c {Ha.Configuration} --no-build -p:StackIsBuilt=true -o '{scratch.Path}' -nologo -v q && mkdir '{scratch.Path}/empty' && cd '{scratch.Path}' &&
            NUGET_PACKAGES='{scratch.Path}/packages' dotnet tool install HaCluster.Cli --tool-path tool --configfile NuGet.config
            """);
        Assert.True(installed.ExitCode == 0, installed.Output + installed.Error);
        // What a tool starts finds the runtime by this, where it is not in a folder of the system.
        var ha = $"export DOTNET_ROOT='{Path.GetFullPath("../../..", RuntimeEnvironment.GetRuntimeDirectory())}'; cd '{scratch.Path}/empty' && ../tool/ha";
        Assert.Matches($"(?m)^program  {scratch.Path}/tool/.*/stack/Stack.dll$", Ha.Shell(scratch.Path, $"{ha} version").Output);
        var missing = Ha.Shell(scratch.Path, $"{ha} plan");
        Assert.Equal(2, missing.ExitCode);
        Assert.Contains("there is no stack 'prod'", missing.Error, StringComparison.Ordinal);
        File.WriteAllText(scratch.At("empty/Pulumi.prod.yaml"), "config:\n  aws:region: eu-central-1\n");
        var planned = Ha.Shell(scratch.Path, $"{ha}");
        Assert.True(planned.ExitCode == 0, planned.Error);
        Assert.Contains("proof: holds", planned.Output, StringComparison.Ordinal);
    }
}
