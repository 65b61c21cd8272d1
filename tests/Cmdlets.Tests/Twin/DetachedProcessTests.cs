using System.Management.Automation;
using System.Reflection;
using HaCluster.Cmdlets.Tests.Hosting;

namespace HaCluster.Cmdlets.Tests.Twin;

/// <summary>How <c>Start-HaTwin</c> starts a twin: the script for the shell, with another program than a twin.</summary>
public sealed class DetachedProcessTests
{
    [SkippableFact]
    public async Task Without_setsid_the_signals_of_a_terminal_are_ignored()
    {
        Skip.If(OperatingSystem.IsWindows(), "needs a POSIX shell");
        using var scratch = new Scratch();
        Assert.Equal("still here: a  b\n", await RunAsync(scratch, scratch.Path, "kill -INT $$; kill -QUIT $$; kill -HUP $$; echo \"still here: $1\"", "sh", "a  b"));
    }

    [SkippableFact]
    public async Task With_setsid_it_is_in_a_session_of_its_own()
    {
        Skip.IfNot(File.Exists("/usr/bin/setsid"), "needs setsid (Debian: util-linux)");
        using var scratch = new Scratch();
        var printed = await RunAsync(scratch, "/usr/bin:/bin", "echo $$; ps -o sid= -p $$");
        Assert.Single(printed.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Distinct());
    }

    private static async Task<string> RunAsync(Scratch scratch, string path, string script, params string[] arguments)
    {
        await Programs.RunAsync("/bin/sh", ["-c", Script(), "sh", scratch.At("log"), "/bin/sh", "-c", script, .. arguments], environment: new Dictionary<string, string?> { ["PATH"] = path });
        return await File.ReadAllTextAsync(scratch.At("log"));
    }

    private static string Script()
    {
        using var shell = new Shell();
        var command = (CmdletInfo)shell.Run("Get-Command Start-HaTwin").Clean().Output.Single().BaseObject;
        return (string)command.ImplementingType.Assembly.GetType("HaCluster.Cmdlets.Twin.DetachedProcess", throwOnError: true)!
            .GetField("Script", BindingFlags.NonPublic | BindingFlags.Static)!.GetRawConstantValue()!;
    }
}
