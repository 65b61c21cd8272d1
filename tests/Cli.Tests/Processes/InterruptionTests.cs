using System.Globalization;

namespace HaCluster.Cli.Tests.Processes;

public sealed class InterruptionTests
{
    [SkippableTheory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Ctrl_C_stops_the_program_and_ends_with_130(string signal)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "reads /proc");
        await using var ha = Ha.Start("plan", "--stack", "dev");
        var program = WaitForChild(ha);
        await ha.SignalAsync(signal);
        var result = await ha.EndAsync();
        Assert.Equal((130, "interrupted\n"), (result.ExitCode, result.Error));
        Assert.False(IsRunning(program), "the program outlived ha");
    }

    [SkippableFact]
    public async Task What_blocks_in_the_kernel_is_abandoned_with_130()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "needs mkfifo");
        using var scratch = new Scratch();
        Assert.Equal(0, Ha.Shell(scratch.Path, "mkfifo plan.json").ExitCode);
        await using var ha = Ha.Start("diff", scratch.At("plan.json"), "dev");
        // Opening it waits for a reader; nothing is ever written.
        await using var writer = await Task.Run(() => new FileStream(scratch.At("plan.json"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite)).WaitAsync(Waiting.Limit);
        await ha.SignalAsync("TERM");
        var result = await ha.EndAsync();
        Assert.Equal((130, "interrupted\n"), (result.ExitCode, result.Error));
    }

    private static int WaitForChild(RunningProgram ha)
    {
        while (!ha.HasEnded)
        {
            var children = Directory.EnumerateDirectories($"/proc/{ha.Id}/task")
                .SelectMany(task => ReadIfThere(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .ToList();
            if (children.Count > 0)
                return int.Parse(children[0], CultureInfo.InvariantCulture);
            Thread.Sleep(5);
        }

        throw new InvalidOperationException("ha ended before it started the program");
    }

    private static string ReadIfThere(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>A process that has ended but was not yet collected counts as gone.</summary>
    private static bool IsRunning(int id) => ReadIfThere($"/proc/{id}/stat") is { Length: > 0 } stat && stat.Split(')')[^1].Trim()[0] is not ('Z' or 'X');
}
