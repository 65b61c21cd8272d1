using HaCluster.Payments.Chains;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Sealing;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tracing;

namespace HaCluster.Payments.Working;

/// <summary>What every worker's loop works with.</summary>
/// <param name="Holder">Name of this replica in its leases.</param>
/// <param name="Lease">A replica that dies is replaced after this.</param>
internal sealed record WorkerContext(Database Database, PaymentsMetrics Metrics, TimeProvider Clock, string Holder, TimeSpan Lease);

/// <summary>Runs a worker: round after round, for each part whose lease this replica gets. A part that fails rests for longer each time; the others go on without it.</summary>
internal sealed class WorkerLoop(IWorker worker, WorkerContext context)
{
    /// <summary>Pauses grow to this, or to the worker's own, while a node, the signer or the database is away.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, PartState> _parts = new(StringComparer.Ordinal);
    private readonly Queue<WorkPart> _queue = new();

    /// <summary>Tasks that take parts from the queue until there are none.</summary>
    private readonly List<Task<bool>> _lanes = [];

    /// <summary>Lanes that have not found the queue empty.</summary>
    private int _active;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var failures = 0; !cancellationToken.IsCancellationRequested;)
        {
            failures = await BeginAsync(cancellationToken) ? 0 : failures + 1;
            if (worker.Concurrent == 1)
                await EndAsync();
            var pause = failures == 0 ? worker.Every : PartState.PauseAfter(failures, worker.Every, LongestPause);
            await Task.Delay(pause, context.Clock, cancellationToken).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        await EndAsync();
    }

    /// <summary>One round, until all of its parts have ended.</summary>
    /// <returns>False: something was away.</returns>
    public async Task<bool> RoundAsync(CancellationToken cancellationToken)
    {
        var areKnown = await BeginAsync(cancellationToken);
        return await EndAsync() && areKnown;
    }

    /// <summary>Another replica goes on at once.</summary>
    public async Task GiveUpAsync()
    {
        try
        {
            foreach (var (subject, _) in _parts.Where(part => part.Value.HeldUntil is not null))
                await context.Database.GiveUpAsync(LeaseOf(subject), context.Holder, CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            // Then the leases run out.
        }
    }

    /// <returns>False: what there is to work on is not known.</returns>
    private async Task<bool> BeginAsync(CancellationToken cancellationToken)
    {
        var parts = await PartsAsync(cancellationToken);
        Queue(parts ?? [], cancellationToken);
        return parts is not null;
    }

    /// <returns>Null: something was away.</returns>
    private async Task<IReadOnlyList<WorkPart>?> PartsAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await worker.PartsAsync(cancellationToken);
        }
        catch (StoreUnavailableException exception)
        {
            context.Metrics.StoreFailed(exception.Message);
            return null;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return [];
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            context.Metrics.Alarm(worker.Name, exception.ToString());
            return null;
        }
    }

    private void Queue(IReadOnlyList<WorkPart> parts, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var part in parts)
            {
                if (!_parts.TryGetValue(part.Subject, out var state))
                    _parts[part.Subject] = state = new PartState();
                if (state.IsBegun || state.Rests(context.Clock))
                    continue;
                state.IsBegun = true;
                _queue.Enqueue(part);
            }

            // Those that could not be extended, or that there is nothing to do for: another replica may have them by now.
            foreach (var (subject, state) in _parts.Where(part => !part.Value.IsBegun && part.Value.HeldUntil <= context.Clock.GetUtcNow()))
                Lose(subject, state);
            foreach (var subject in _parts.Where(part => part.Value.IsForgettable).Select(part => part.Key).ToArray())
                _parts.Remove(subject);
            _lanes.RemoveAll(lane => lane.IsCompleted);
            for (var more = Math.Min(worker.Concurrent - _active, _queue.Count); more > 0; more--)
            {
                _active++;
                _lanes.Add(Task.Run(() => WorkAsync(cancellationToken), CancellationToken.None));
            }
        }
    }

    /// <returns>Whether all went well.</returns>
    private async Task<bool> EndAsync() => (await Task.WhenAll(_lanes)).All(isWhole => isWhole);

    /// <summary>A lane.</summary>
    private async Task<bool> WorkAsync(CancellationToken cancellationToken)
    {
        for (var isWhole = true; ;)
        {
            WorkPart? part;
            PartState state;
            lock (_lock)
            {
                if (!_queue.TryDequeue(out part))
                {
                    _active--;
                    return isWhole;
                }

                state = _parts[part.Subject];
            }

            var began = context.Clock.GetTimestamp();
            var isDone = await WorkAsync(part, state, cancellationToken);
            isWhole &= isDone;
            lock (_lock)
            {
                if (isDone)
                    state.Succeeded();
                else
                    state.Failed(began, worker.Every, LongestRest);
                state.IsBegun = false;
            }
        }
    }

    /// <summary>Of a part that fails: it is tried again before its lease is over, so that what is said of it stays.</summary>
    private TimeSpan LongestRest => context.Lease * 2 / 3 is var rest && rest < LongestPause ? rest : LongestPause;

    /// <returns>False: something was away.</returns>
    private async Task<bool> WorkAsync(WorkPart part, PartState state, CancellationToken cancellationToken)
    {
        try
        {
            var now = context.Clock.GetUtcNow();
            if (cancellationToken.IsCancellationRequested)
                return true;
            if (!await context.Database.TakeAsync(LeaseOf(part.Subject), context.Holder, context.Lease, now, cancellationToken))
            {
                Lose(part.Subject, state);
                return true;
            }

            state.HeldUntil = now + context.Lease;
            context.Metrics.Works(worker.Name, part.Subject, isOurs: true);
            using var round = Traces.Source.StartActivity(worker.Name)?.SetTag("subject", part.Subject);
            await part.WorkAsync(cancellationToken);
            return true;
        }
        catch (SigningRefusedException exception)
        {
            // Not a refusal, which holds up one transfer: the signer answered with something else than was ordered.
            context.Metrics.Alarm(part.Subject, exception.Message);
            return false;
        }
        catch (Exception exception) when (exception is NodeUnreachableException or NodeRefusedException or SignerUnavailableException or StoreUnavailableException or DuplicateException or UnavailableException or SealException)
        {
            // The other parts go on; this one is tried again in a later round.
            context.Metrics.WorkFailed(worker.Name, part.Subject, exception.Message);
            return false;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // A defect, or an answer that nobody thought of. It holds up its own part, and a person hears of it.
            context.Metrics.Alarm(part.Subject, $"{worker.Name}: {exception}");
            context.Metrics.WorkFailed(worker.Name, part.Subject, exception.Message);
            return false;
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            return true;
        }
    }

    private void Lose(string subject, PartState state)
    {
        state.HeldUntil = null;
        context.Metrics.Works(worker.Name, subject, isOurs: false);
    }

    private string LeaseOf(string subject) => $"{worker.Name}/{subject}";
}
