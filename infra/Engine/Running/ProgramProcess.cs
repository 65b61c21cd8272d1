using System.ComponentModel;
using System.Diagnostics;

namespace HaCluster.Engine.Running;

/// <summary>The program, started as the language host of a real deployment would.</summary>
internal sealed class ProgramProcess : IDisposable
{
    /// <summary>How long to read on after the program has gone: a child that inherited its output may keep it open forever.</summary>
    private static readonly TimeSpan OutputGrace = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly Task _exited;
    private readonly Task _output;

    private ProgramProcess(Process process, Task exited, OutputTail tail, Action onActivity)
    {
        _process = process;
        _exited = exited;
        _output = Task.WhenAll(tail.ReadAsync(process.StandardOutput, onActivity), tail.ReadAsync(process.StandardError, onActivity));
    }

    /// <exception cref="ProgramStartException">There is no such executable or directory, or it may not be executed.</exception>
    public static ProgramProcess Start(
        ProgramStart program, IReadOnlyDictionary<string, string> environment, IReadOnlyDictionary<string, string> placeholders,
        OutputTail tail, Action onActivity)
    {
        if (!Directory.Exists(program.WorkingDirectory))
            throw new ProgramStartException($"the program cannot be started: its directory {program.WorkingDirectory} does not exist");
        var start = new ProcessStartInfo(program.FileName)
        {
            WorkingDirectory = program.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in program.Arguments)
            start.ArgumentList.Add(program.ExpandsPlaceholders ? Expand(argument, placeholders) : argument);
        foreach (var (name, value) in program.Environment.Concat(environment))
            start.Environment[name] = value.Length == 0 ? null : value;

        var exited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.Exited += (_, _) => exited.TrySetResult();
        try
        {
            process.Start();
            process.StandardInput.Close();
            return new ProgramProcess(process, exited.Task, tail, onActivity);
        }
        catch (Exception failure) when (failure is Win32Exception or InvalidOperationException or IOException)
        {
            process.Dispose();
            throw new ProgramStartException($"the program cannot be started: {program.FileName}: {failure.Message}", failure);
        }
    }

    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        // Process.WaitForExitAsync would also wait for the end of the output, which a grandchild can hold open.
        await _exited.WaitAsync(cancellationToken);
        await Task.WhenAny(_output, Task.Delay(OutputGrace, CancellationToken.None));
        return _process.ExitCode;
    }

    /// <summary>Ends the program and everything it started.</summary>
    public async Task KillAsync()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception gone) when (gone is InvalidOperationException or Win32Exception)
        {
            // It exited by itself in the meantime.
        }
        await WaitForExitAsync(CancellationToken.None);
    }

    public void Dispose() => _process.Dispose();

    private static string Expand(string argument, IReadOnlyDictionary<string, string> placeholders) =>
        placeholders.Aggregate(argument, (text, placeholder) => text.Replace($"{{{placeholder.Key}}}", placeholder.Value, StringComparison.Ordinal));
}

/// <summary>How a program came to its end.</summary>
internal abstract record ProgramEnd
{
    private ProgramEnd() { }

    public sealed record NotStarted(string Reason) : ProgramEnd;

    public sealed record Exited(int ExitCode) : ProgramEnd;

    /// <summary>It was silent for longer than allowed and has been ended.</summary>
    public sealed record Hung : ProgramEnd;
}

/// <summary>The program could not be started; the message says why in words for the user.</summary>
internal sealed class ProgramStartException(string message, Exception? cause = null) : Exception(message, cause);
