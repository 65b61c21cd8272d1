using HaCluster.Operations.Running;
using HaCluster.Operations.Tests.Worlds;
using Xunit.Abstractions;

namespace HaCluster.Operations.Tests.Killing;

/// <summary>The same with real processes and SIGKILL. A process takes half a second to start, so that long operations are killed at some points only.</summary>
public sealed class ChildKillTests(ITestOutputHelper output) : IDisposable
{
    private const int Killed = 137;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ha-child-");

    public void Dispose() => folder.Delete(recursive: true);

    [SkippableTheory]
    [InlineData("Invoke-HaDatabaseFailover", 1)]
    [InlineData("Invoke-HaNodeDrain", 4)]
    [InlineData("Switch-HaZone", 9)]
    public async Task A_process_killed_with_sigkill_leaves_an_operation_that_another_process_finishes(string name, int every)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no SIGKILL");
        var scenario = KillScenario.All.Single(scenario => scenario.Name == name);
        var (end, writes) = await UndisturbedAsync(scenario);
        var outcomes = new List<KillOutcome>();
        for (var entry = 1; entry <= writes; entry += every)
        {
            foreach (var side in new[] { "before", "after" })
                outcomes.Add(await KillAsync(scenario, entry, side, end));
        }
        output.WriteLine(KillOutcome.Table(name, outcomes));
        Assert.All(outcomes, outcome => Assert.True(outcome.IsGood, $"{outcome}"));
    }

    private async Task<(string End, int Writes)> UndisturbedAsync(KillScenario scenario)
    {
        var world = await scenario.BuildAsync(folder.FullName);
        var process = new FakeProcess(world, Path.Combine(folder.FullName, "undisturbed"));
        await process.Runner.RunAsync(scenario.Request, RunOptions.Default, default);
        return (world.Summary(), process.Faults.Writes);
    }

    private async Task<KillOutcome> KillAsync(KillScenario scenario, int entry, string side, string end)
    {
        var place = Path.Combine(folder.FullName, $"{scenario.Name}-{side}-{entry}");
        Directory.CreateDirectory(place);
        var world = Path.Combine(place, "world.json");
        (await scenario.BuildAsync(place)).Save(world);
        var first = await ChildProcess.StartAsync(world, Path.Combine(place, "journals"), scenario.Name, $"{entry}", side);
        Assert.True(first.Code == Killed, $"the process was to kill itself {side} entry {entry} and ended with {first.Code}: {first.Errors}");
        var second = (Code: 1, Errors: "");
        var resumes = 0;
        while (second.Code != 0 && resumes < 5)
        {
            resumes++;
            second = await ChildProcess.StartAsync(world, Path.Combine(place, "journals"), scenario.Name, "0", "none");
        }
        var after = FakeWorld.Load(world);
        return new KillOutcome($"{side} entry {entry}", resumes, second.Code == 0 ? OperationState.Succeeded : OperationState.Failed, after.Summary() == end, Survivor.Twice(after));
    }
}
