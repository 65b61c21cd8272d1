using System.Text.Json;
using HaCluster.Cli.Terminal;
using HaCluster.Planning.Stacks;

namespace HaCluster.Cli.Tests.Processes;

/// <summary>Special destinations of a document: below <c>/dev</c> and <c>/proc</c>, closed outputs, and those where nothing can be written.</summary>
public sealed class DestinationTests
{
    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_in_memory_is_replaced_as_a_whole(bool exists)
    {
        Skip.IfNot(Directory.Exists("/dev/shm"), "needs /dev/shm");
        var path = $"/dev/shm/ha-{Guid.NewGuid():n}.json";
        try
        {
            if (exists)
                File.WriteAllText(path, new string('x', 1_000_000));
            var result = Ha.Answer("schema", "--out", path);
            Assert.Equal((0, $"Written: {path}\n", ""), (result.ExitCode, result.Output, result.Error));
            using var schema = JsonDocument.Parse(File.ReadAllText(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [SkippableFact]
    public void All_names_of_standard_output_are_standard_output()
    {
        Skip.If(OperatingSystem.IsWindows(), "needs symbolic links");
        using var scratch = new Scratch();
        File.CreateSymbolicLink(scratch.At("first"), "second");
        File.CreateSymbolicLink(scratch.At("second"), "/dev/stdout");
        File.CreateSymbolicLink(scratch.At("loop"), "loop");
        Assert.All(["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/dev/../dev/stdout", scratch.At("first")], path => Assert.True(OutputFile.Of(path, "--json").IsStandardOutput, path));
        Assert.False(OutputFile.Of(scratch.At("new"), "--json").IsStandardOutput);
        Assert.StartsWith($"{scratch.At("loop")}: ", Assert.Throws<UnreadableInputException>(() => OutputFile.Of(scratch.At("loop"), "--json")).Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void An_impossible_destination_is_reported_before_the_run()
    {
        Skip.IfNot(Directory.Exists("/proc/self"), "needs /proc");
        using var scratch = new Scratch();
        var name = scratch.At(new string('n', 300));
        Assert.Equal("/proc/ha.json cannot be written: no file can be created there", Assert.Throws<OutputFailedException>(() => OutputFile.Of("/proc/ha.json", "--json")).Message);
        Assert.Equal($"{name} cannot be written: the name is too long", Assert.Throws<OutputFailedException>(() => OutputFile.Of(name, "--json")).Message);
        _ = OutputFile.Of(scratch.At("possible"), "--json");
        Assert.Empty(Directory.GetFileSystemEntries(scratch.Path));
    }

    [SkippableTheory]
    [InlineData("bogus 2>&-", 2, "")]
    [InlineData("bogus 2>/dev/full", 2, "")]
    [InlineData("validate --stack dev >&-", 6, "error: standard output cannot be written: Bad file descriptor\n")]
    public void An_output_that_is_closed_or_full_does_not_crash(string command, int exitCode, string error)
    {
        Skip.IfNot(File.Exists("/dev/full"), "needs /dev/full");
        var result = Ha.Shell(Ha.Checkout, $"dotnet '{Ha.Assembly}' {command}");
        Assert.Equal((exitCode, error), (result.ExitCode, result.Error));
    }

    [SkippableFact]
    public void A_directory_that_is_gone_is_named_as_the_mistake()
    {
        Skip.If(OperatingSystem.IsWindows(), "a current directory cannot be removed there");
        using var scratch = new Scratch();
        var result = Ha.Shell(scratch.Path, $"mkdir gone; cd gone; rmdir ../gone; dotnet '{Ha.Assembly}' validate");
        Assert.Equal((2, "error: the current directory does not exist any more; change to another one\n"), (result.ExitCode, result.Error));
    }
}
