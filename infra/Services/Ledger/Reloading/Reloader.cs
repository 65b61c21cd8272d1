using System.Runtime.InteropServices;
using HaCluster.Ledger.Metrics;

namespace HaCluster.Ledger.Reloading;

/// <summary>Looks at files again and again, and at SIGHUP. Kubernetes changes those of a Secret by a link to another folder, which no watching of files tells of.</summary>
internal sealed class Reloader : IAsyncDisposable
{
    private readonly SemaphoreSlim _wake = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly IReadOnlyList<IReloaded> _all;
    private readonly LedgerMetrics _metrics;
    private readonly TimeSpan _every;
    private readonly PosixSignalRegistration? _signal;
    private readonly Task _loop;

    public Reloader(IReadOnlyList<IReloaded> all, LedgerMetrics metrics, TimeSpan every)
    {
        (_all, _metrics, _every) = (all, metrics, every);
        if (!OperatingSystem.IsWindows())
        {
            _signal = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
            {
                context.Cancel = true;
                _wake.Release();
            });
        }

        _loop = Task.Run(RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        _signal?.Dispose();
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
        _wake.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                foreach (var one in _all)
                    Look(one);
                await _wake.WaitAsync(_every, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The service ends.
        }
    }

    private void Look(IReloaded one)
    {
        var result = one.Reload();
        if (result.Fault is not null)
            _metrics.ReloadFailed(one.What, result.Fault, result.IsNewFault);
        else
            _metrics.Reloaded(one.What, result.HasChanged);
    }
}
