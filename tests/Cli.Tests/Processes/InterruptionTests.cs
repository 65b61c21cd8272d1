using System.Globalization;
using HaCluster.Cli.Terminal;

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

    [SkippableTheory]
    [InlineData("plan", "INT")]
    [InlineData("validate", "INT")]
    [InlineData("plan", "HUP")]
    public void A_signal_to_the_program_too_as_of_a_terminal_ends_with_130(string command, string signal)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "reads /proc");
        // Bit 0 is signal 1. What ignores it below nohup goes on, as it should.
        Skip.If(signal == "HUP" && File.ReadLines("/proc/self/status").Any(line => line.StartsWith("SigIgn:", StringComparison.Ordinal) && "13579bdf".Contains(line[^1])), "SIGHUP is ignored here, as below nohup");
        // With -m, what runs in the background is a process group of its own, as at a terminal.
        using var scratch = new Scratch();
        var error = scratch.At("error");
        var result = Ha.Shell(
            Ha.Checkout, $"set -m; dotnet '{Ha.Assembly}' {command} --stack dev 2> '{error}' & until ! kill -0 $! || cat /proc/$!/task/*/children | grep -q .; do sleep 0.01; done; kill -{signal} -- -$!; wait $!");
        Assert.Equal((130, "interrupted\n"), (result.ExitCode, File.ReadAllText(error)));
    }

    [Theory]
    [InlineData(130)]
    [InlineData(143)]
    [InlineData(-1073741510)]
    public async Task A_program_that_ends_by_a_signal_before_this_process_hears_of_it_was_interrupted(int exitCode)
    {
        using var interruption = new CancellationTokenSource();
        var waiting = Interruption.ThrowIfInterruptedAsync(exitCode, interruption.Token);
        Assert.False(waiting.IsCompleted);
        await interruption.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task A_program_that_ends_by_itself_or_is_killed_was_not_interrupted()
    {
        foreach (var exitCode in new int?[] { null, 0, 1, 137, 143 })
            await Interruption.ThrowIfInterruptedAsync(exitCode, CancellationToken.None);
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
