using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using HaCluster.Operations.Running;
using HaCluster.Operations.Tests.Worlds;
using Xunit.Abstractions;

namespace HaCluster.Operations.Tests.Killing;

/// <summary>What AWS, Kubernetes, the disk and the clock do to an operation, apart from killing it.</summary>
public sealed class FaultTests(ITestOutputHelper output) : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ha-fault-");

    public static TheoryData<string> Operations => [.. KillScenario.All.Select(scenario => scenario.Name)];

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Throttled_calls_and_server_errors_change_nothing_of_the_end(string name)
    {
        var random = new Random(7);
        await EndsTheSameAsync(name, () => new Faults
        {
            BeforeCall = (_, call) => random.Next(8) switch
            {
                0 => Failure(FailureKind.Throttled, call, "ThrottlingException: Rate exceeded"),
                1 => Failure(FailureKind.ServerFailed, call, "InternalFailure (500)"),
                _ => null,
            },
        });
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_change_whose_response_is_lost_is_not_made_twice(string name) =>
        await EndsTheSameAsync(name, () => new Faults { AfterChange = (_, call) => Failure(FailureKind.Unreachable, call, "the connection broke before the response") });

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_conflict_is_checked_and_tried_again(string name)
    {
        var refused = new HashSet<string>();
        await EndsTheSameAsync(name, () => new Faults
        {
            BeforeCall = (_, call) => !call.StartsWith("GET", StringComparison.Ordinal) && !call.Contains("leases", StringComparison.Ordinal) && !call.Contains("configmaps", StringComparison.Ordinal) && refused.Add(call)
                ? Failure(FailureKind.Conflict, call, "409: the object has been modified")
                : null,
        });
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Expired_credentials_stop_it_at_any_point_and_new_ones_let_it_go_on(string name)
    {
        var scenario = KillScenario.All.Single(scenario => scenario.Name == name);
        var (end, changes) = await UndisturbedAsync(scenario);
        for (var i = 1; i <= changes; i++)
        {
            var at = i;
            var seen = 0;
            var journals = Journals();
            var world = await scenario.BuildAsync(journals);
            var faults = new Faults { BeforeCall = (_, call) => seen >= at ? Failure(FailureKind.CredentialsExpired, call, "ExpiredToken") : null, AfterChange = (number, _) => { seen = number; return null; } };
            var (state, _) = await Survivor.RunAsync(world, journals, scenario.Request, faults);
            Assert.Equal((OperationState.Succeeded, end), (state, world.Summary()));
            Assert.Empty(Survivor.Twice(world));
        }
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_full_disk_stops_it_before_the_step_and_nothing_is_done_that_is_not_recorded(string name)
    {
        var scenario = KillScenario.All.Single(scenario => scenario.Name == name);
        var journals = Journals();
        var first = new FakeProcess(await scenario.BuildAsync(journals), journals);
        await first.Runner.RunAsync(scenario.Request, RunOptions.Default, default);
        var (end, _) = await UndisturbedAsync(scenario);
        for (var i = 1; i <= first.Faults.Writes; i++)
        {
            journals = Journals();
            var world = await scenario.BuildAsync(journals);
            var changesWhenFull = -1;
            Faults? faults = null;
            faults = new Faults { FullFromWrite = i, BeforeCall = (_, _) => { if (faults!.Writes < i) changesWhenFull = faults.Changes; return null; } };
            var process = new FakeProcess(world, journals, faults);
            var failure = await Assert.ThrowsAsync<HaClusterException>(() => process.Runner.RunAsync(scenario.Request, RunOptions.Default, default));
            Assert.Equal(FailureKind.JournalNotUsable, failure.Kind);
            Assert.Contains("No space left on device", failure.Message, StringComparison.Ordinal);
            var changes = world.Log.Count;
            // A last change may have been made by the step whose end could not be written; none came after the disk was full.
            Assert.InRange(faults.Changes, changes, changesWhenFull + 1);
            var (state, _) = await Survivor.FinishAsync(world, journals, scenario.Request, process.Time);
            Assert.Equal((OperationState.Succeeded, end), (state, world.Summary()));
            Assert.Empty(Survivor.Twice(world));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-2)]
    [InlineData(-48)]
    public async Task A_clock_that_jumps_changes_nothing(int hours)
    {
        var scenario = KillScenario.All.Single(scenario => scenario.Name == "Switch-HaZone");
        var (end, _) = await UndisturbedAsync(scenario);
        var journals = Journals();
        var world = await scenario.BuildAsync(journals);
        var time = new FastTime(FakeProcess.Faster);
        var process = new FakeProcess(world, journals, new Faults { AfterChange = (number, _) => { time.Jump = TimeSpan.FromHours(number % 2 * hours); return null; } }, time: time);
        var result = await process.Runner.RunAsync(scenario.Request, RunOptions.Default, default);
        Assert.Equal((OperationState.Succeeded, end), (result.State, world.Summary()));
    }

    [Property(MaxTest = 40)]
    public Property Whatever_kills_and_disturbs_it_the_end_is_the_same_and_nothing_is_done_twice() => Prop.ForAll(
        Gen.Choose(0, KillScenario.All.Count - 1).ToArbitrary(),
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        (index, seed) => DisturbedAsync(KillScenario.All[index], seed).GetAwaiter().GetResult());

    private async Task<bool> DisturbedAsync(KillScenario scenario, int seed)
    {
        var (end, _) = await UndisturbedAsync(scenario);
        var random = new Random(seed);
        var journals = Journals();
        var world = await scenario.BuildAsync(journals);
        // The last process is left alone: what is asked is whether it gets there.
        var (state, processes) = await Survivor.RunAsync(world, journals, scenario.Request, Any(random), i => i < 4 ? Any(random) : new Faults());
        var isGood = state == OperationState.Succeeded && world.Summary() == end && Survivor.Twice(world).Count == 0;
        if (!isGood)
            output.WriteLine($"{scenario.Name} seed {seed}: {state} after {processes} processes; twice: {string.Join(", ", Survivor.Twice(world))}\n{world.Summary()}\nwanted\n{end}");
        return isGood;
    }

    private static Faults Any(Random random)
    {
        var kill = random.Next(5);
        return new Faults
        {
            KillBeforeChange = kill == 0 ? random.Next(1, 20) : -1,
            KillAfterChange = kill == 1 ? random.Next(1, 20) : -1,
            KillBeforeWrite = kill == 2 ? random.Next(1, 60) : -1,
            KillAfterWrite = kill == 3 ? random.Next(1, 60) : -1,
            FullFromWrite = kill == 4 ? random.Next(1, 60) : int.MaxValue,
            BeforeCall = (_, call) => random.Next(25) == 0 ? Failure((FailureKind)random.Next((int)FailureKind.Unreachable, (int)FailureKind.ServerFailed + 1), call, "disturbed") : null,
            AfterChange = (_, call) => random.Next(6) == 0 ? Failure(FailureKind.Unreachable, call, "response lost") : null,
        };
    }

    private async Task EndsTheSameAsync(string name, Func<Faults> faults)
    {
        var scenario = KillScenario.All.Single(scenario => scenario.Name == name);
        var (end, _) = await UndisturbedAsync(scenario);
        var journals = Journals();
        var world = await scenario.BuildAsync(journals);
        var (state, processes) = await Survivor.RunAsync(world, journals, scenario.Request, faults(), _ => faults());
        output.WriteLine($"{name}: {state}, {processes} more processes");
        Assert.Equal((OperationState.Succeeded, end), (state, world.Summary()));
        Assert.Empty(Survivor.Twice(world));
    }

    private async Task<(string End, int Changes)> UndisturbedAsync(KillScenario scenario)
    {
        var journals = Journals();
        var world = await scenario.BuildAsync(journals);
        var process = new FakeProcess(world, journals);
        await process.Runner.RunAsync(scenario.Request, RunOptions.Default, default);
        return (world.Summary(), process.Faults.Changes);
    }

    private string Journals() => Path.Combine(folder.FullName, Guid.NewGuid().ToString("N"));

    private static HaClusterException Failure(FailureKind kind, string call, string problem) => new(kind, call, "fake", problem, "");
}
