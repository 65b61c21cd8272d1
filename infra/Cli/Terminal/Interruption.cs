using System.Runtime.InteropServices;

namespace HaCluster.Cli.Terminal;

/// <summary>
/// Turns Ctrl+C and termination signals into a cancellation, so that the program is stopped and the terminal restored; a second one ends the process
/// at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    /// <summary>How much later than the program the handler here may run on a busy machine.</summary>
    private static readonly TimeSpan HandlerTimeout = TimeSpan.FromSeconds(2);

    /// <summary>What a shell calls the end by SIGHUP, SIGINT and SIGTERM, and what Windows calls that by Ctrl+C.</summary>
    private static readonly int[] SignalExitCodes = [129, 130, 143, unchecked((int)0xC000013A)];

    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    public Interruption()
    {
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
            _registrations.Add(PosixSignalRegistration.Create(signal, OnSignal));
    }

    public CancellationToken Token => _source.Token;

    /// <summary>
    /// A terminal sends Ctrl+C also to the program that this process waits for, which may have ended of it before the handler here has run. So that this is not
    /// taken for a failure of the program, the handler is waited for.
    /// </summary>
    /// <exception cref="OperationCanceledException">The program ended by an interruption of both.</exception>
    public static Task ThrowIfInterruptedAsync(int? exitCode, CancellationToken cancellationToken) =>
        exitCode is { } code && SignalExitCodes.Contains(code) ? Task.Delay(HandlerTimeout, cancellationToken) : Task.CompletedTask;

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (_source.IsCancellationRequested)
            return;
        context.Cancel = true;
        _source.Cancel();
    }
}
