using HaCluster.Operations.Databases;
using HaCluster.Operations.Journal;
using HaCluster.Operations.Running;
using HaCluster.Operations.Tests.Worlds;

namespace HaCluster.Operations.Tests.Journal;

public sealed class LeaseTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ha-lease-");
    private readonly FakeWorld world = FakeCluster.Build();
    private readonly FastTime time = new(50);

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_lease_held_by_another_is_refused_with_its_holder()
    {
        await using var held = await AcquireAsync("ada@laptop", "operation-1");
        var failure = await Assert.ThrowsAsync<OperationHeldException>(() => AcquireAsync("bob@desk", "operation-2"));
        Assert.Equal(("ada@laptop", "operation-1", FailureKind.OperationRunning), (failure.Holder, failure.Operation, failure.Kind));
        Assert.NotNull(failure.Since);
        Assert.Contains("Stop-HaOperation operation-1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lease_that_was_given_back_is_free()
    {
        await (await AcquireAsync("ada@laptop", "operation-1")).DisposeAsync();
        await using var next = await AcquireAsync("bob@desk", "operation-2");
        Assert.Null(next.TakenFrom);
    }

    [Fact]
    public async Task A_lease_of_a_dead_process_is_taken_when_it_did_not_change_for_its_duration()
    {
        await DieWithLeaseAsync();
        time.Jump = TimeSpan.FromMinutes(5);
        await using var next = await AcquireAsync("bob@desk", "operation-2");
        Assert.Equal("bob@desk", LeaseReading.HeldBy((await OperationLease.FindAsync(Api(), default))!));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-5)]
    public async Task A_lease_that_looks_old_by_a_wrong_clock_but_is_renewed_is_not_taken(int hours)
    {
        await using var held = await AcquireAsync("ada@laptop", "operation-1");
        var wrong = new FastTime(FakeProcess.Faster) { Jump = TimeSpan.FromHours(hours) };
        await Assert.ThrowsAsync<OperationHeldException>(() => OperationLease.AcquireAsync(Api(), wrong, Holder("bob@desk", "operation-2"), false, false, false, _ => { }, default));
    }

    [Fact]
    public async Task A_lease_can_be_taken_by_force_and_says_from_whom_and_the_loser_stops()
    {
        await using var held = await AcquireAsync("ada@laptop", "operation-1");
        await using var taken = await OperationLease.AcquireAsync(Api(), time, Holder("bob@desk", "operation-2"), false, false, take: true, _ => { }, default);
        Assert.Equal("ada@laptop", taken.TakenFrom);
        await Waiting.UntilAsync("the lease has ended", () => held.Ended.IsCancellationRequested);
        Assert.Contains("bob@desk", held.Loss!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_holder_that_cannot_renew_stops_before_another_may_take_the_lease(bool breaksWhileCancelled)
    {
        var dead = false;
        // A connection that breaks while its call is given up says so in its own way.
        var api = new FakeKubernetes(new FakeAccess(world, new Faults
        {
            BeforeCall = (_, call) => !dead ? null : breaksWhileCancelled ? new HttpRequestException("the stream was reset") : FakeKubernetes.Failure(FailureKind.Unreachable, call, "api", "no route"),
        }, null));
        await using var held = await OperationLease.AcquireAsync(api, time, Holder("ada@laptop", "operation-1"), false, false, false, _ => { }, default);
        dead = true;
        await Waiting.UntilAsync("the lease has ended", () => held.Ended.IsCancellationRequested);
        Assert.Equal(FailureKind.Unreachable, held.Loss!.Kind);
    }

    [Fact]
    public async Task A_holder_is_asked_to_stop_through_the_cluster()
    {
        await using var held = await AcquireAsync("ada@laptop", "operation-1");
        await OperationLease.RequestStopAsync(Api(), "operation-1", default);
        await Waiting.UntilAsync("the lease has ended", () => held.Ended.IsCancellationRequested);
        Assert.True(held.IsStopRequested);
        Assert.Null(held.Loss);
    }

    [Fact]
    public async Task Two_operators_who_start_at_the_same_moment_do_not_both_begin()
    {
        var tries = Enumerable.Range(0, 8).Select(async i =>
        {
            try
            {
                return await AcquireAsync($"operator-{i}@desk", $"operation-{i}");
            }
            catch (OperationHeldException)
            {
                return null;
            }
        });
        var held = (await Task.WhenAll(tries)).OfType<OperationLease>().ToList();
        Assert.Single(held);
        await held[0].DisposeAsync();
    }

    [Fact]
    public async Task An_operation_that_another_person_resumes_goes_on_from_the_record_in_the_cluster()
    {
        var request = new FailOverDatabase("payments", "payments-b", TimeSpan.FromMinutes(10));
        var first = new FakeProcess(world, Path.Combine(folder.FullName, "ada"), new Faults { KillAfterChange = 1 });
        await Assert.ThrowsAnyAsync<Exception>(() => first.Runner.RunAsync(request, RunOptions.Default, default));
        var other = new FakeProcess(world, Path.Combine(folder.FullName, "bob"), @operator: "bob@desk");
        var open = Assert.Single(await other.Runner.ListAsync(default));
        Assert.Null(open.Folder);
        var result = await other.Runner.ResumeAsync(open.Id, RunOptions.Default, default);
        Assert.Equal(OperationState.Succeeded, result.State);
        Assert.Equal("ada@laptop", result.By);
        Assert.Equal("payments-b", world.Databases[0].Writer);
        Assert.Single(world.Log, change => change.StartsWith("failover", StringComparison.Ordinal));
    }

    private async Task DieWithLeaseAsync()
    {
        var faults = new Faults { KillAfterChange = 1 };
        var process = new FakeProcess(world, folder.FullName, faults);
        await Assert.ThrowsAnyAsync<Exception>(() => process.Runner.RunAsync(new FailOverDatabase("payments", null, TimeSpan.FromMinutes(10)), RunOptions.Default, default));
    }

    private FakeKubernetes Api() => new(new FakeAccess(world, new Faults(), null));

    private Task<OperationLease> AcquireAsync(string who, string operation) => OperationLease.AcquireAsync(Api(), time, Holder(who, operation), false, false, false, _ => { }, default);

    private static LeaseHolder Holder(string who, string operation) => new(who, operation, "Switch-HaZone", "zone a");
}
