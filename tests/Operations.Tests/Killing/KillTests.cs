using HaCluster.Operations.Running;
using HaCluster.Operations.Tests.Worlds;
using Xunit.Abstractions;

namespace HaCluster.Operations.Tests.Killing;

public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ha-kill-");

    public static TheoryData<string> Operations => [.. KillScenario.All.Select(scenario => scenario.Name)];

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task An_operation_killed_before_and_after_every_step_and_every_change_ends_as_if_it_had_not_been(string name)
    {
        var scenario = KillScenario.All.Single(scenario => scenario.Name == name);
        var (end, writes, changes) = await UndisturbedAsync(scenario);
        var outcomes = new List<KillOutcome>();
        for (var i = 1; i <= writes; i++)
        {
            outcomes.Add(await KillAsync(scenario, $"before entry {i} of {writes}", end, new Faults { KillBeforeWrite = i }));
            outcomes.Add(await KillAsync(scenario, $"after entry {i} of {writes}", end, new Faults { KillAfterWrite = i }));
        }
        for (var i = 1; i <= changes; i++)
        {
            outcomes.Add(await KillAsync(scenario, $"before change {i} of {changes}", end, new Faults { KillBeforeChange = i }));
            outcomes.Add(await KillAsync(scenario, $"after change {i} of {changes}", end, new Faults { KillAfterChange = i }));
        }
        output.WriteLine(KillOutcome.Table(name, outcomes));
        Assert.All(outcomes, outcome => Assert.True(outcome.IsGood, $"{outcome}"));
    }

    private async Task<(string End, int Writes, int Changes)> UndisturbedAsync(KillScenario scenario)
    {
        var journals = Journals();
        var world = await scenario.BuildAsync(journals);
        var process = new FakeProcess(world, journals);
        var result = await process.Runner.RunAsync(scenario.Request, RunOptions.Default, default);
        Assert.Equal(OperationState.Succeeded, result.State);
        return (world.Summary(), process.Faults.Writes, process.Faults.Changes);
    }

    private async Task<KillOutcome> KillAsync(KillScenario scenario, string point, string end, Faults faults)
    {
        var journals = Journals();
        var world = await scenario.BuildAsync(journals);
        var (state, processes) = await Survivor.RunAsync(world, journals, scenario.Request, faults);
        return new KillOutcome(point, processes, state, world.Summary() == end, Survivor.Twice(world));
    }

    private string Journals() => Path.Combine(folder.FullName, Guid.NewGuid().ToString("N"));
}
