using HaCluster.Operations.Journal;
using Xunit.Abstractions;

namespace HaCluster.Operations.Tests.LocalTwins;

/// <summary>
/// As <see cref="TwinKillTests"/>, with a process of its own for each kill, which ends by SIGKILL with its connections to the twin open. All points are hundreds of
/// processes and many minutes: without <c>HA_KILL_ALL=1</c> a process dies after every change but most evictions, when the response is lost and the next one must
/// not do it again, and at some of the entries of the journal. Each operation is a class, as there.
/// </summary>
public abstract class TwinChildTests(ITestOutputHelper output)
{
    private const int MostProcesses = 600;

    /// <summary>Evictions are alike: without all points, the first two.</summary>
    private const int SomeEvictions = 2;

    private static readonly bool IsWhole = Environment.GetEnvironmentVariable("HA_KILL_ALL") == "1";

    public sealed class SwitchZone(ITestOutputHelper output) : TwinChildTests(output)
    {
        [SkippableFact]
        public Task It_ends_as_undisturbed_when_its_processes_get_sigkill_before_and_after_its_steps() => KillAsync("Switch-HaZone", every: 13);
    }

    public sealed class RestoreZone(ITestOutputHelper output) : TwinChildTests(output)
    {
        [SkippableFact]
        public Task It_ends_as_undisturbed_when_its_processes_get_sigkill_before_and_after_its_steps() => KillAsync("Restore-HaZone", every: 7);
    }

    public sealed class DrainNode(ITestOutputHelper output) : TwinChildTests(output)
    {
        [SkippableFact]
        public Task It_ends_as_undisturbed_when_its_processes_get_sigkill_before_and_after_its_steps() => KillAsync("Invoke-HaNodeDrain", every: 5);
    }

    public sealed class UpdateWorkload(ITestOutputHelper output) : TwinChildTests(output)
    {
        [SkippableFact]
        public Task It_ends_as_undisturbed_when_its_processes_get_sigkill_before_and_after_its_steps() => KillAsync("Update-HaWorkload", every: 3);
    }

    public sealed class FailOverDatabase(ITestOutputHelper output) : TwinChildTests(output)
    {
        [SkippableFact]
        public Task It_ends_as_undisturbed_when_its_processes_get_sigkill_before_and_after_its_steps() => KillAsync("Invoke-HaDatabaseFailover", every: 2);
    }

    /// <param name="every">A process dies at one of so many points around entries of the journal.</param>
    private async Task KillAsync(string name, int every)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no SIGKILL");
        await using var calm = await OperatedTwin.StartAsync();
        var points = KillPoints.None();
        var undisturbed = await KilledRun.OfAsync(calm, await TwinOperations.PrepareAsync(calm, name), points, end: "");
        await using var twin = await OperatedTwin.StartAsync();
        var request = await TwinOperations.PrepareAsync(twin, name);
        twin.Wire.Forget();
        var wirePoints = new KillPoints(IsChosen());
        var kills = new List<(string Point, string Found)>();

        while (await TwinChild.RunAsync(twin, request, wirePoints, IsWhole ? 1 : every) is { } point && kills.Count < MostProcesses)
            kills.Add((point, Found(twin)));

        var end = await twin.SettledAsync();
        await using var reader = await twin.ConnectAsync();
        var state = (await reader.Runner.ListAsync(default)).First(operation => operation.Command == request.Command).State;
        var run = new KilledRun(name, kills, state, end == undisturbed.End, twin.Wire.Twice, twin.Wire.Effects);
        output.WriteLine($"{run}");
        Assert.True(run.IsGood && run.Changes == undisturbed.Changes, $"{run}\n{end}\nwanted\n{undisturbed.End}");
        var reached = kills.Select(kill => kill.Point).ToHashSet(StringComparer.Ordinal);
        // With all points: each change, and each step before and after it begins and ends; but for waits that were over when the next process looked.
        Assert.Empty(points.Certain.Where(point => !IsOwn(point) && (IsWhole ? !WasUnneeded(point, reached) : IsAfterChange(point))).Except(reached));
        Assert.Contains(kills, kill => IsEntry(kill.Point));
    }

    /// <summary>Points of the wire. Those of lease and record are left to <see cref="TwinKillTests"/>.</summary>
    private static Func<string, bool> IsChosen()
    {
        var evictions = 0;
        return point => !IsOwn(point) && (IsWhole || IsAfterChange(point) && (!KillPoints.IsEviction(point) || Interlocked.Increment(ref evictions) <= SomeEvictions));
    }

    private static bool IsAfterChange(string point) => point.StartsWith("after ", StringComparison.Ordinal) && !IsEntry(point);

    private static bool IsEntry(string point) => point.Contains(" entry ", StringComparison.Ordinal);

    private static bool WasUnneeded(string point, HashSet<string> reached) => IsEntry(point) && reached.Contains($"before {point[(point.IndexOf(' ') + 1)..point.LastIndexOf(' ')]} Unneeded");

    private static bool IsOwn(string point) => point.EndsWith(" namespaces", StringComparison.Ordinal) || point.Contains(" namespaces/ha-cluster/", StringComparison.Ordinal);

    private static string Found(OperatedTwin twin)
    {
        var journals = new JournalFolder(twin.Journals, DurableFile.Open);
        return journals.Ids() is [var id, ..] && JournalState.From(journals.Read(id)) is { } state
            ? $"{state.Begun.Steps.Count(step => state[step].State is StepState.Done or StepState.Unneeded)} of {state.Begun.Steps.Count} steps done"
            : "no operation";
    }
}
