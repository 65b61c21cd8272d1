using HaCluster.Operations.Journal;
using HaCluster.Operations.Running;
using HaCluster.Operations.Tests.Worlds;

namespace HaCluster.Operations.Tests.Killing;

/// <summary>Resumes an operation, with a new process each time, until it has ended.</summary>
internal static class Survivor
{
    private const int MostProcesses = 30;

    /// <summary>Changes that an operation makes once, whatever happens to its processes.</summary>
    public static IReadOnlyList<string> Twice(FakeWorld world) => [.. world.Log.GroupBy(change => change).Where(change => change.Count() > 1).Select(change => $"{change.Key} x{change.Count()}")];

    /// <summary>Runs it with a process that is expected to die, then resumes it with others.</summary>
    public static async Task<(OperationState State, int Processes)> RunAsync(FakeWorld world, string journals, OperationRequest request, Faults first, Func<int, Faults>? next = null)
    {
        var time = new FastTime(FakeProcess.Faster);
        var process = new FakeProcess(world, journals, first, time: time);
        try
        {
            return ((await process.Runner.RunAsync(request, RunOptions.Default, default)).State, 0);
        }
        catch (Exception e) when (IsInterruption(e))
        {
        }
        return await FinishAsync(world, journals, request, time, next);
    }

    /// <summary>Resumes what an earlier process left, or runs it when there is nothing to resume.</summary>
    public static async Task<(OperationState State, int Processes)> FinishAsync(FakeWorld world, string journals, OperationRequest request, FastTime time, Func<int, Faults>? next = null)
    {
        for (var i = 1; i <= MostProcesses; i++)
        {
            var process = new FakeProcess(world, journals, next?.Invoke(i), time: time);
            try
            {
                var open = (await process.Runner.ListAsync(default)).FirstOrDefault(operation => operation.Command == request.Command);
                var result = open is null ? await process.Runner.RunAsync(request, RunOptions.Default, default)
                    : open.State == OperationState.Succeeded ? null
                    : await process.Runner.ResumeAsync(open.Id, RunOptions.Default, default);
                return (result?.State ?? OperationState.Succeeded, i);
            }
            catch (OperationHeldException)
            {
                // The lease of the dead process: a person waits as the message says.
                await Task.Delay(OperationLease.Duration, process.Time);
            }
            catch (Exception e) when (IsInterruption(e))
            {
            }
        }
        return (OperationState.Interrupted, MostProcesses);
    }

    private static bool IsInterruption(Exception e) => e is ProcessKilledException or HaClusterException or AggregateException { InnerException: ProcessKilledException };
}
