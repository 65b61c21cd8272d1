using System.Diagnostics;
using System.Text;
using CliWrap;

namespace HaCluster.Tests.Shared;

/// <summary>A program that runs beside the test: a server, or one that gets a signal. It ends, with all that it started, when this is disposed of.</summary>
internal sealed class RunningProgram : IAsyncDisposable, IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly TaskCompletionSource _inputEnds = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CommandTask<CommandResult> _run;
    private bool _isDisposed;

    private RunningProgram(Command command) => _run = command
        .WithStandardInputPipe(PipeSource.Create((_, cancellationToken) => _inputEnds.Task.WaitAsync(cancellationToken)))
        .WithStandardOutputPipe(PipeTarget.ToDelegate(line => Keep(_output, line)))
        .WithStandardErrorPipe(PipeTarget.ToDelegate(line => Keep(_error, line)))
        .ExecuteAsync(_end.Token);

    public int Id => _run.ProcessId;

    public bool HasEnded => _run.Task.IsCompleted;

    /// <summary>All that it printed until now.</summary>
    public string Text => Kept(_output) + Kept(_error);

    /// <summary>Starts a program; its standard input is empty.</summary>
    /// <param name="environment">Variables beside those of this process; null takes one away.</param>
    public static RunningProgram Start(
        string program, IEnumerable<string> arguments, string? directory = null, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var running = StartWithInput(program, arguments, directory, environment);
        running.EndInput();
        return running;
    }

    /// <summary>Starts a program that runs until its standard input ends, which has nothing in it.</summary>
    public static RunningProgram StartWithInput(
        string program, IEnumerable<string> arguments, string? directory = null, IReadOnlyDictionary<string, string?>? environment = null) =>
        new(Programs.Describe(program, arguments, directory, environment));

    public void EndInput() => _inputEnds.TrySetResult();

    /// <summary>Waits for its end.</summary>
    /// <exception cref="TimeoutException">It does not end.</exception>
    public async Task<Ended> EndAsync()
    {
        var result = await _run.Task.WaitAsync(Waiting.Limit).ConfigureAwait(false);
        return new Ended(result.ExitCode, Kept(_output), Kept(_error));
    }

    /// <summary>Sends a signal: <c>STOP</c>, <c>CONT</c>, <c>INT</c>.</summary>
    public Task SignalAsync(string signal) => Programs.RunAsync("kill", [$"-{signal}", $"{Id}"]);

    /// <summary>Ends it at once, by SIGKILL where there are signals; returns when it is gone.</summary>
    public void Kill()
    {
        try
        {
            using var process = Process.GetProcessById(Id);
            process.Kill();
            process.WaitForExit();
        }
        catch (ArgumentException)
        {
            // It has ended already.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        await _end.CancelAsync().ConfigureAwait(false);
        try
        {
            await _run.Task.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // As asked.
        }

        _run.Dispose();
        _end.Dispose();
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static void Keep(StringBuilder text, string line)
    {
        lock (text)
            text.Append(line).Append('\n');
    }

    private static string Kept(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }
}
