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

/// <summary>Runs a worker: round after round, for each part whose lease this replica gets.</summary>
internal sealed class WorkerLoop(IWorker worker, WorkerContext context)
{
    /// <summary>Pauses grow to this, or to the worker's own, while a node, the signer or the database is away.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Parts whose lease this replica has, and until when.</summary>
    private readonly Dictionary<string, DateTimeOffset> _held = new(StringComparer.Ordinal);

    /// <summary>Parts whose lease was asked for in this round.</summary>
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var longest = worker.Every > LongestPause ? worker.Every : LongestPause;
        for (var failures = 0; !cancellationToken.IsCancellationRequested;)
        {
            failures = await RoundAsync(cancellationToken) ? 0 : failures + 1;
            var pause = worker.Every * Math.Pow(2, Math.Min(failures, 5));
            await Task.Delay(pause < longest ? pause : longest, context.Clock, cancellationToken).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <returns>False: something was away.</returns>
    public async Task<bool> RoundAsync(CancellationToken cancellationToken)
    {
        _asked.Clear();
        var isWhole = await WorkAsync(cancellationToken);
        // Those that could not be extended, or that there is nothing to do for: another replica may have them by now.
        foreach (var subject in _held.Where(held => !_asked.Contains(held.Key) && held.Value <= context.Clock.GetUtcNow()).Select(held => held.Key).ToArray())
            Lose(subject);
        return isWhole;
    }

    /// <summary>Another replica goes on at once.</summary>
    public async Task GiveUpAsync()
    {
        try
        {
            foreach (var subject in _held.Keys)
                await context.Database.GiveUpAsync(LeaseOf(subject), context.Holder, CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            // Then the leases run out.
        }
    }

    private async Task<bool> WorkAsync(CancellationToken cancellationToken)
    {
        var isWhole = true;
        try
        {
            foreach (var part in await worker.PartsAsync(cancellationToken))
                isWhole &= await WorkAsync(part, cancellationToken);
        }
        catch (StoreUnavailableException exception)
        {
            context.Metrics.StoreFailed(exception.Message);
            return false;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            context.Metrics.Alarm(worker.Name, exception.ToString());
            return false;
        }

        return isWhole;
    }

    private async Task<bool> WorkAsync(WorkPart part, CancellationToken cancellationToken)
    {
        try
        {
            var now = context.Clock.GetUtcNow();
            var isOurs = await context.Database.TakeAsync(LeaseOf(part.Subject), context.Holder, context.Lease, now, cancellationToken);
            _asked.Add(part.Subject);
            if (!isOurs)
            {
                Lose(part.Subject);
                return true;
            }

            _held[part.Subject] = now + context.Lease;
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
            // The other parts go on; this one is tried again in the next round.
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
    }

    private void Lose(string subject)
    {
        _held.Remove(subject);
        context.Metrics.Works(worker.Name, subject, isOurs: false);
    }

    private string LeaseOf(string subject) => $"{worker.Name}/{subject}";
}
