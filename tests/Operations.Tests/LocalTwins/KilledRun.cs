using HaCluster.Operations.Journal;
using HaCluster.Operations.Running;
using HaCluster.Operations.Tests.Worlds;

namespace HaCluster.Operations.Tests.LocalTwins;

/// <summary>One operation and all the processes that it took.</summary>
/// <param name="Kills">Points, and how far the next process found the operation.</param>
/// <param name="Changes">As <see cref="TwinWire.Effects"/> counts them.</param>
internal sealed record KilledRun(string Name, IReadOnlyList<(string Point, string Found)> Kills, OperationState State, bool IsSameEnd, IReadOnlyList<string> Twice, int Changes)
{
    private const int MostProcesses = 400;

    public bool IsGood => State == OperationState.Succeeded && IsSameEnd && Twice.Count == 0;

    public override string ToString() => string.Join('\n',
    [
        $"{Name}: killed {(Kills.Count == 1 ? Kills[0].Point : $"{Kills.Count} times")}, ended {State}, end state {(IsSameEnd ? "equal" : "DIFFERENT")}, {Changes} changes beside evictions, done twice: {(Twice.Count == 0 ? "none" : string.Join(", ", Twice))}",
        .. Kills.Count == 1 ? [] : Kills.Select((kill, at) => $"  {at + 1,3} {kill.Point,-90} found {kill.Found}"),
    ]);

    /// <summary>Runs an operation whose processes die at the points, each followed by a new one, until one of them ends it.</summary>
    public static async Task<KilledRun> OfAsync(OperatedTwin twin, OperationRequest request, KillPoints points, string end)
    {
        twin.Wire.Forget();
        var kills = new List<(string, string)>();
        var point = "";
        await using var reader = await twin.ConnectAsync();
        var before = await reader.IdsAsync();
        for (var at = 1; at <= MostProcesses; at++)
        {
            await using var process = await twin.ConnectAsync(points);
            if (point.Length > 0)
                kills.Add((point, await process.FindAsync(request, before) is { } record ? $"{record.State}, {record.StepsDone} of {record.Steps.Count} steps done" : "no operation"));
            point = "";
            twin.Wire.Victim = process;
            try
            {
                var result = await process.FinishAsync(request, before);
                var state = result?.State ?? OperationState.Succeeded;
                twin.Wire.Victim = null;
                var settled = await twin.SettledAsync();
                return new KilledRun(request.Command, kills, state, settled == end, twin.Wire.Twice, twin.Wire.Effects) { End = settled };
            }
            catch (Exception e) when (process.IsDead && e is ProcessKilledException or HaClusterException or OperationCanceledException or ObjectDisposedException or AggregateException)
            {
                point = process.Point;
            }
            catch (OperationHeldException)
            {
                // It died before it had a journal, and only its lease is left: a person waits as the message says.
                await Task.Delay(OperationLease.Duration, twin.Time);
            }
            catch (HaClusterException e) when (e.Kind is FailureKind.Unreachable or FailureKind.OperationRunning)
            {
                // A machine too busy to renew the lease in time stops the operation: it is resumed like any other.
            }
            await Waiting.UntilAsync("the twin has nothing left to answer to the dead process", () => twin.Wire.IsIdle);
            twin.Wire.Victim = null;
        }
        return new KilledRun(request.Command, kills, OperationState.Interrupted, false, twin.Wire.Twice, twin.Wire.Effects);
    }

    /// <summary>Where it ended.</summary>
    public string End { get; init; } = "";
}
