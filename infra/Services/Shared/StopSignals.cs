using System.Runtime.InteropServices;

namespace HaCluster.Services;

/// <summary>SIGTERM and SIGINT ask the service to end what it has begun; by default they would end the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _end;
    private readonly PosixSignalRegistration[] _signals;

    public StopSignals(CancellationToken cancellationToken)
    {
        _end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop), PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop)];
    }

    public CancellationToken Token => _end.Token;

    public void Dispose()
    {
        Array.ForEach(_signals, signal => signal.Dispose());
        _end.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        _end.Cancel();
    }
}
