using System.Text;
using HaCluster.Operations.Databases;
using HaCluster.Operations.Nodes;
using HaCluster.Operations.Running;
using HaCluster.Operations.Tests.Worlds;
using HaCluster.Operations.Workloads;
using HaCluster.Operations.Zones;

namespace HaCluster.Operations.Tests.Killing;

/// <summary>An operation that is killed at every point and then resumed by a new process.</summary>
/// <param name="Prepare">What was done before it.</param>
internal sealed record KillScenario(string Name, OperationRequest Request, Func<FakeProcess, Task>? Prepare = null)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    public static IReadOnlyList<KillScenario> All { get; } =
    [
        new("Switch-HaZone", new SwitchZone("eu-central-1a", TimeSpan.FromHours(1))),
        new("Restore-HaZone", new RestoreZone("eu-central-1a"), process => process.Runner.RunAsync(new SwitchZone("eu-central-1a", TimeSpan.FromHours(1)), RunOptions.Default, default)),
        new("Invoke-HaNodeDrain", new DrainNode("node-a1", Limit)),
        new("Restart-HaNode", new ReplaceNode("node-b1", Limit)),
        new("Update-HaWorkload", new UpdateWorkload(new("shop", "api"), "api:2", null, Limit, TimeSpan.FromSeconds(10))),
        new("Invoke-HaDatabaseFailover", new FailOverDatabase("payments", null, Limit)),
    ];

    public async Task<FakeWorld> BuildAsync(string journals)
    {
        var world = FakeCluster.Build();
        if (Prepare is not null)
            await Prepare(new FakeProcess(world, journals));
        world.Log.Clear();
        return world;
    }
}

/// <summary>Where a process was killed, and what came of it.</summary>
/// <param name="Resumes">How many processes were needed afterwards.</param>
/// <param name="Twice">Changes that were made twice; none may be.</param>
internal sealed record KillOutcome(string Point, int Resumes, OperationState State, bool IsSameEnd, IReadOnlyList<string> Twice)
{
    public bool IsGood => State == OperationState.Succeeded && IsSameEnd && Twice.Count == 0;

    public static string Table(string name, IEnumerable<KillOutcome> outcomes)
    {
        var text = new StringBuilder();
        text.AppendLine($"{name}: killed at   processes after   ended       end state   done twice");
        foreach (var outcome in outcomes)
            text.AppendLine($"  {outcome.Point,-28} {outcome.Resumes,6}            {outcome.State,-11} {(outcome.IsSameEnd ? "equal" : "DIFFERENT"),-11} {(outcome.Twice.Count == 0 ? "nothing" : string.Join(", ", outcome.Twice))}");
        return text.ToString();
    }
}
