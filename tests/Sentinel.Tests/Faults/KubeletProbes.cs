using System.Net;

namespace HaCluster.Sentinel.Tests.Faults;

/// <summary>
/// What kubelet does with a pod's probes, at the periods that infra/Stack/Chains/Replicas/Sentinel.cs declares: it takes the pod out of rotation, takes it back,
/// and would restart its containers.
/// </summary>
internal sealed class KubeletProbes : IAsyncDisposable
{
    private static readonly TimeSpan ReadinessPeriod = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LivenessPeriod = TimeSpan.FromSeconds(60);
    private const int ReadinessFailures = 2;
    private const int LivenessFailures = 10;

    private readonly CancellationTokenSource _end = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly Task _probing;

    /// <param name="parts">Of the pod: <c>execution</c> and <c>consensus</c>; empty where a node is one program.</param>
    public KubeletProbes(Uri sentinel, params string[] parts) => _probing = Task.WhenAll(
        [ReadinessAsync(new Uri(sentinel, "/ready")), .. parts.DefaultIfEmpty("").Select(part => LivenessAsync(new Uri(sentinel, part.Length == 0 ? "/live" : $"/live?of={part}")))]);

    public bool IsInRotation { get; private set; }

    public int TimesTakenOut { get; private set; }

    /// <summary>Containers that it would have restarted.</summary>
    public int Restarts { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _probing;
        _http.Dispose();
        _end.Dispose();
    }

    private Task ReadinessAsync(Uri path)
    {
        var failures = 0;
        return ProbeAsync(path, ReadinessPeriod, isFine =>
        {
            failures = isFine ? 0 : failures + 1;
            if (isFine)
                IsInRotation = true;
            if (failures == ReadinessFailures && IsInRotation)
                (IsInRotation, TimesTakenOut) = (false, TimesTakenOut + 1);
        });
    }

    private Task LivenessAsync(Uri path)
    {
        // The startup probe holds it back until the first success.
        var (isStarted, failures) = (false, 0);
        return ProbeAsync(path, LivenessPeriod, isFine =>
        {
            isStarted |= isFine;
            failures = isFine || !isStarted ? 0 : failures + 1;
            if (failures % LivenessFailures == 0 && failures > 0)
                Restarts++;
        });
    }

    private async Task ProbeAsync(Uri path, TimeSpan period, Action<bool> note)
    {
        using var timer = new PeriodicTimer(period);
        try
        {
            do
            {
                note(await IsFineAsync(path));
            }
            while (await timer.WaitForNextTickAsync(_end.Token));
        }
        catch (OperationCanceledException)
        {
            // The end of the run.
        }
    }

    private async Task<bool> IsFineAsync(Uri path)
    {
        try
        {
            using var response = await _http.GetAsync(path, _end.Token);
            return response.StatusCode is >= HttpStatusCode.OK and < HttpStatusCode.BadRequest;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !_end.IsCancellationRequested)
        {
            return false;
        }
    }
}
