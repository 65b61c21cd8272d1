using System.Runtime.InteropServices;

namespace HaCluster.Services;

/// <summary>Looks at files again and again, and at SIGHUP. Kubernetes changes those of a Secret by a link to another folder, which no watching of files tells of.</summary>
internal sealed class Reloader : IAsyncDisposable
{
    private readonly SemaphoreSlim _wake = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly IReadOnlyList<IReloaded> _all;
    private readonly Action<IReloaded, ReloadResult> _report;
    private readonly TimeSpan _every;
    private readonly PosixSignalRegistration? _signal;
    private readonly Task _loop;

    /// <param name="report">Gets what came of each look at each setting.</param>
    public Reloader(IReadOnlyList<IReloaded> all, Action<IReloaded, ReloadResult> report, TimeSpan every)
    {
        (_all, _report, _every) = (all, report, every);
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
                    _report(one, one.Reload());
                await _wake.WaitAsync(_every, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The service ends.
        }
    }
}
