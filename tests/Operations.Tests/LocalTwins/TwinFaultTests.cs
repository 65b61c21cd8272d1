using System.Collections.Concurrent;
using HaCluster.Operations.Kubernetes;
using Xunit.Abstractions;

namespace HaCluster.Operations.Tests.LocalTwins;

/// <summary>
/// What AWS, an API server and the network between do to operations over real HTTP, with the clients' own retries and time-outs: an operation ends as if
/// nothing had happened, and nothing is done twice. What a person does after a failure, the test does: resume.
/// </summary>
public sealed class TwinFaultTests(DisturbedTwins twins, ITestOutputHelper output) : IClassFixture<DisturbedTwins>
{
    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var (name, trouble) in DisturbedTwins.Cases)
                cases.Add(name, trouble.Name);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task An_operation_ends_as_without_trouble(string name, string trouble)
    {
        var undisturbed = await twins.UndisturbedAsync(name);
        var run = await twins.RunAsync(name, trouble);
        output.WriteLine($"{run}");
        Assert.True(run.Faults.Count > 0, "nothing was disturbed");
        Assert.Equal((OperationState.Succeeded, undisturbed.End), (run.State, run.End));
        Assert.Empty(run.Twice);
        Assert.Equal(undisturbed.Changes, run.Changes);
        // Retries are bounded: when all of them fail, it is said, and the operation is resumed.
        var expected = trouble == Trouble.Expired.Name ? FailureKind.CredentialsExpired : trouble == Trouble.Passing.Name ? FailureKind.Unreachable : trouble == Trouble.Hanging.Name ? FailureKind.TimedOut : (FailureKind?)null;
        Assert.All(run.Failures, failure => Assert.Equal(expected, failure));
        Assert.True(run.Failures.Count > 0 || trouble != Trouble.Expired.Name, "credentials did not expire");
    }

    [Fact]
    public async Task A_watch_whose_connection_breaks_again_and_again_sees_all_that_a_drain_does()
    {
        await using var twin = await OperatedTwin.StartAsync();
        var watches = 0;
        twin.Wire.Fault = call =>
        {
            if (!call.IsWatch)
                return null;
            Interlocked.Increment(ref watches);
            return new WireFault.BreakLater(TimeSpan.FromMilliseconds(50));
        };
        await using var watcher = await twin.ConnectAsync();
        var nodes = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        var told = new ConcurrentQueue<string>();
        using var stop = new CancellationTokenSource();
        var watching = Task.Run(async () =>
        {
            await foreach (var change in watcher.Session.Kubernetes.WatchAsync(Kinds.Nodes, ListScope.All, stop.Token))
            {
                if (change.Subject is not { } node)
                    continue;
                told.Enqueue($"{node.Metadata.Name} {node.Metadata.ResourceVersion} {change.Kind}");
                nodes[node.Metadata.Name] = node.Metadata.ResourceVersion;
            }
        });

        await twin.RunAsync(await TwinOperations.PrepareAsync(twin, "Invoke-HaNodeDrain"));

        await Waiting.UntilAsync(
            "the watch has seen what there is, over several connections",
            async () => Volatile.Read(ref watches) > 3 && (await watcher.Session.Kubernetes.ListAsync(Kinds.Nodes, ListScope.All, default)).Items
                .All(node => nodes.GetValueOrDefault(node.Metadata.Name) == node.Metadata.ResourceVersion),
            () => string.Join('\n', told));
        await stop.CancelAsync();
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        Assert.False(watching.IsFaulted, $"{watching.Exception}");
        // Nothing is told twice, and nothing that is there is told to be gone.
        Assert.Equal(told.Distinct(), told);
        Assert.DoesNotContain(told, line => line.EndsWith(" Deleted", StringComparison.Ordinal));
        Assert.Contains(told, line => line.EndsWith(" Modified", StringComparison.Ordinal));
    }
}
