using System.Text;
using CliWrap;

namespace HaCluster.Tests.Shared;

/// <summary>A program that runs beside the test: a server, or one that gets a signal. It ends, with all that it started, when this is disposed of.</summary>
internal sealed class RunningProgram : IAsyncDisposable, IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly CommandTask<CommandResult> _run;
    private bool _isDisposed;

    private RunningProgram(Command command) => _run = command
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
        string program, IEnumerable<string> arguments, string? directory = null, IReadOnlyDictionary<string, string?>? environment = null) =>
        new(Programs.Describe(program, arguments, directory, environment));

    /// <summary>Waits for its end.</summary>
    /// <exception cref="TimeoutException">It does not end.</exception>
    public async Task<Ended> EndAsync()
    {
        var result = await _run.Task.WaitAsync(Waiting.Limit).ConfigureAwait(false);
        return new Ended(result.ExitCode, Kept(_output), Kept(_error));
    }

    /// <summary>Sends a signal: <c>STOP</c>, <c>CONT</c>, <c>INT</c>.</summary>
    public Task SignalAsync(string signal) => Programs.RunAsync("kill", [$"-{signal}", $"{Id}"]);

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
