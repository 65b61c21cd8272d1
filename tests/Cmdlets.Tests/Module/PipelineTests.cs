using System.Collections.Concurrent;
using System.Management.Automation;
using System.Reflection;
using HaCluster.Cmdlets.Tests.Hosting;

namespace HaCluster.Cmdlets.Tests.Module;

/// <summary>
/// The thread of a pipeline, which alone may write to its streams. The class that keeps to it is internal to the module, whose assembly only PowerShell loads.
/// </summary>
public sealed class PipelineTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Fact]
    public async Task What_is_said_after_the_pipeline_has_ended_is_written_by_nobody()
    {
        using var stopping = new CancellationTokenSource();
        var abandoned = new TaskCompletionSource();
        SynchronizationContext? pipeline = null;
        await stopping.CancelAsync();
        // The work does not look at its token, and is left behind when its grace is over.
        Assert.Throws<PipelineStoppedException>(() => Run(
            () =>
            {
                pipeline = SynchronizationContext.Current;
                return abandoned.Task;
            },
            stopping.Token));

        // PowerShell ends the process for a write on any thread but the pipeline's.
        var writers = new ConcurrentQueue<int>();
        for (var line = 0; line < 100; line++)
            Show(pipeline!, () => writers.Enqueue(Environment.CurrentManagedThreadId));
        // The work itself can still come to its end, behind whatever was queued before.
        for (var turn = 0; turn < 100; turn++)
        {
            var turned = new TaskCompletionSource();
            pipeline!.Post(_ => turned.SetResult(), null);
            await turned.Task;
        }

        Assert.Empty(writers);
        abandoned.SetResult();
    }

    [Fact]
    public void What_is_said_while_the_work_runs_is_written_on_the_thread_of_the_pipeline()
    {
        var writers = new ConcurrentQueue<int>();
        Run(
            async () =>
            {
                var pipeline = SynchronizationContext.Current!;
                await Task.Run(() => Show(pipeline, () => writers.Enqueue(Environment.CurrentManagedThreadId)));
            },
            CancellationToken.None);
        Assert.Equal([Environment.CurrentManagedThreadId], writers);
    }

    [Fact]
    public void What_is_said_last_is_written_though_the_work_has_ended()
    {
        var writers = new ConcurrentQueue<int>();
        Run(
            () =>
            {
                Show(SynchronizationContext.Current!, () => writers.Enqueue(Environment.CurrentManagedThreadId));
                return Task.CompletedTask;
            },
            CancellationToken.None);
        Assert.Equal([Environment.CurrentManagedThreadId], writers);
    }

    [Fact]
    public void What_is_said_before_a_failure_is_written_before_it_is_thrown()
    {
        var writers = new ConcurrentQueue<int>();
        Assert.Throws<InvalidOperationException>(() => Run(
            () =>
            {
                Show(SynchronizationContext.Current!, () => writers.Enqueue(Environment.CurrentManagedThreadId));
                return Task.FromException(new InvalidOperationException());
            },
            CancellationToken.None));
        Assert.Equal([Environment.CurrentManagedThreadId], writers);
    }

    private static Type Pipeline => AppDomain.CurrentDomain.GetAssemblies().Single(assembly => assembly.GetName().Name == "HaCluster.Cmdlets").GetType("HaCluster.Cmdlets.Running.PipelineContext", throwOnError: true)!;

    private static void Run(Func<Task> work, CancellationToken stopping) =>
        Pipeline.GetMethod("Run", BindingFlags.Public | BindingFlags.Static)!.CreateDelegate<Action<Func<Task>, CancellationToken>>()(work, stopping);

    private static void Show(SynchronizationContext pipeline, Action write) => Pipeline.GetMethod("Show")!.CreateDelegate<Action<Action>>(pipeline)(write);
}
