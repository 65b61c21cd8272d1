using System.Collections.Concurrent;
using System.Management.Automation;

namespace HaCluster.Cmdlets.Running;

/// <summary>
/// Runs an asynchronous piece of work on the pipeline's thread, to which every <c>await</c> comes back: PowerShell takes objects, progress and questions from
/// no other thread.
/// </summary>
internal sealed class PipelineContext : SynchronizationContext
{
    /// <summary>How long a stopped work may take to end; then the prompt returns without it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(800);

    private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _queue = [];

    /// <exception cref="PipelineStoppedException">The work was stopped.</exception>
    public static void Run(Func<Task> work, CancellationToken stopping)
    {
        var before = Current;
        var context = new PipelineContext();
        SetSynchronizationContext(context);
        try
        {
            context.Pump(work(), stopping);
        }
        finally
        {
            SetSynchronizationContext(before);
            context._queue.CompleteAdding();
        }
    }

    /// <summary>What arrives after the end goes to the thread pool: an abandoned work must be able to end.</summary>
    public override void Post(SendOrPostCallback d, object? state)
    {
        try
        {
            _queue.Add((d, state));
        }
        catch (InvalidOperationException)
        {
            ThreadPool.QueueUserWorkItem(_ => d(state));
        }
    }

    /// <summary>Something to show on the way. After the end there is nobody to show it to: PowerShell ends the process when a write fails on a thread of the pool.</summary>
    public void Show(Action write)
    {
        try
        {
            _queue.Add((static write => ((Action)write!)(), write));
        }
        catch (InvalidOperationException)
        {
            // The pipeline has ended.
        }
    }

    private void Pump(Task work, CancellationToken stopping)
    {
        work.ContinueWith(_ => Post(static _ => { }, null), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        using var stop = stopping.Register(() => Post(static _ => { }, null));
        DateTime? deadline = null;
        while (!work.IsCompleted)
        {
            if (stopping.IsCancellationRequested)
                deadline ??= DateTime.UtcNow + Grace;
            if (deadline - DateTime.UtcNow <= TimeSpan.Zero)
            {
                _ = work.ContinueWith(ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
                throw new PipelineStoppedException();
            }

            var wait = deadline - DateTime.UtcNow ?? System.Threading.Timeout.InfiniteTimeSpan;
            if (_queue.TryTake(out var next, wait < TimeSpan.Zero && deadline is not null ? TimeSpan.Zero : wait))
                next.Callback(next.State);
        }

        // What was said last is queued still when the work ended meanwhile on another thread, or at once.
        while (_queue.TryTake(out var last))
            last.Callback(last.State);
        work.GetAwaiter().GetResult();
    }
}
