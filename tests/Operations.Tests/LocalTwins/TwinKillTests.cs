using Xunit.Abstractions;

namespace HaCluster.Operations.Tests.LocalTwins;

/// <summary>
/// Operations over the real wire, on the twin of the small stack, killed at every point that they have: before and after each entry of their journal and
/// before and after each change, those of lease and record too. An undisturbed run says how it should end. Each operation is a class, since they wait most of the
/// time, and the tests of one class run one after the other.
/// </summary>
public abstract class TwinKillTests(ITestOutputHelper output)
{
    public sealed class SwitchZone(ITestOutputHelper output) : TwinKillTests(output)
    {
        [Fact]
        public Task It_ends_as_undisturbed_when_its_processes_are_killed_at_every_point_one_after_the_other() => KillAtEachAsync("Switch-HaZone");
    }

    public sealed class RestoreZone(ITestOutputHelper output) : TwinKillTests(output)
    {
        [Fact]
        public Task It_ends_as_undisturbed_when_its_processes_are_killed_at_every_point_one_after_the_other() => KillAtEachAsync("Restore-HaZone");
    }

    public sealed class DrainNode(ITestOutputHelper output) : TwinKillTests(output)
    {
        [Fact]
        public Task It_ends_as_undisturbed_when_its_processes_are_killed_at_every_point_one_after_the_other() => KillAtEachAsync("Invoke-HaNodeDrain");
    }

    public sealed class UpdateWorkload(ITestOutputHelper output) : TwinKillTests(output)
    {
        [Fact]
        public Task It_ends_as_undisturbed_when_its_processes_are_killed_at_every_point_one_after_the_other() => KillAtEachAsync("Update-HaWorkload");
    }

    public sealed class FailOverDatabase(ITestOutputHelper output) : TwinKillTests(output)
    {
        [Fact]
        public Task It_ends_as_undisturbed_when_it_is_killed_at_any_one_point() => KillAtAnyAsync("Invoke-HaDatabaseFailover");
    }

    /// <summary>One operation whose every process is killed at the first point that no process before it had come to.</summary>
    private async Task KillAtEachAsync(string name)
    {
        await using var calm = await OperatedTwin.StartAsync();
        var points = KillPoints.None();
        var undisturbed = await KilledRun.OfAsync(calm, await TwinOperations.PrepareAsync(calm, name), points, end: "");
        await using var twin = await OperatedTwin.StartAsync();

        var run = await KilledRun.OfAsync(twin, await TwinOperations.PrepareAsync(twin, name), KillPoints.EachOnce(), undisturbed.End);

        output.WriteLine($"{run}");
        Assert.True(run.IsGood && run.Changes == undisturbed.Changes, $"{run}\n{run.End}\nwanted\n{undisturbed.End}\nchanges\n{string.Join('\n', twin.Wire.Changes)}\nwanted\n{string.Join('\n', calm.Wire.Changes)}");
        // Every point of the undisturbed run was one where a process died.
        Assert.Empty(points.Certain.Except(run.Kills.Select(kill => kill.Point)));
        Assert.Equal(points.Passed.Any(KillPoints.IsEviction), run.Kills.Any(kill => KillPoints.IsEviction(kill.Point)));
    }

    /// <summary>One run for each point, killed there and nowhere else, all on one twin.</summary>
    private async Task KillAtAnyAsync(string name)
    {
        await using var twin = await OperatedTwin.StartAsync();
        var points = KillPoints.None();
        var undisturbed = await RunAsync(KillPoints.None());
        // The first run has made what the cluster keeps for good: namespace and lease.
        await RunAsync(points);
        foreach (var point in points.Certain)
        {
            var (request, end) = await TwinOperations.NextAsync(twin, name);
            var run = await KilledRun.OfAsync(twin, request, KillPoints.Only(point), end);
            output.WriteLine($"{run}");
            Assert.True(run.IsGood && run.Changes == undisturbed.Changes && run.Kills.Count == 1, $"{point}\n{run}\n{run.End}\nwanted\n{end}");
        }

        async Task<KilledRun> RunAsync(KillPoints points)
        {
            var (request, end) = await TwinOperations.NextAsync(twin, name);
            var run = await KilledRun.OfAsync(twin, request, points, end);
            Assert.True(run.IsGood, $"{run}\n{run.End}\nwanted\n{end}");
            return run;
        }
    }
}
