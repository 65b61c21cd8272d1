using System.Globalization;
using HaCluster.Sentinel.Decisions;
using HaCluster.Sentinel.Watching;
using HaCluster.Workloads.Tests.Chains;
using Xunit.Abstractions;

namespace HaCluster.Sentinel.Tests.Faults;

/// <summary>
/// Clients that read without pause through the rendered front, while node after node breaks: what they see, and for how long. Each fault is played once, or
/// for <c>HA_FAULT_SECONDS</c>.
/// </summary>
public abstract class FrontUnderFaultsTests(ITestOutputHelper output)
{
    /// <summary>The front asks every 2 s, and two in a row decide; a call on its way may wait for as long again.</summary>
    private static readonly TimeSpan FrontNotices = TimeSpan.FromSeconds(2 * 2 + 2);

    /// <summary>A node that is silent is left out after these, by the contract: until then its clients wait, and fail.</summary>
    private static readonly TimeSpan Silent = ReadyDecision.MaxSilence + FrontNotices;

    /// <summary>A node that answers, but not with the chain's head.</summary>
    private static readonly TimeSpan Behind = NodeWatcher.Pace + SiblingWatcher.Pace + NodeWatcher.Pace + FrontNotices;

    /// <summary>A node on a fork of its own.</summary>
    private static readonly TimeSpan Diverged = ReadyDecision.TimeBeforeDiverged + Behind;

    /// <summary>Of a machine that has something else to do.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(10);

    private static TimeSpan AtLeast => TimeSpan.FromSeconds(
        double.TryParse(Environment.GetEnvironmentVariable("HA_FAULT_SECONDS"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 0);

    private protected async Task PlayAsync(Func<Authority, Task<INodeSet>> start)
    {
        Skip.IfNot(Loopback.HasMany, Loopback.Needed);
        using var authority = new Authority();
        await using var nodes = await start(authority);

        using var run = await FaultRun.PlayAsync(nodes, authority, AtLeast);

        output.WriteLine($"{run}");
        Assert.Equal(nodes.Lanes.SelectMany(lane => lane).Select(fault => fault.Name).Order(), run.Faults.Order());
        // The nodes of a busy machine stay behind for longer, so a short run asks for less.
        Assert.True(run.Count(Judgement.Fresh) > run.Reads * (AtLeast > TimeSpan.Zero ? 0.7 : 0.3), $"most reads find the head: {run}");
        Assert.True(run.Longest(Judgement.Failed) <= Silent + Slack, $"no client fails for longer than {Silent}: {run}");
        Assert.True(run.Longest(Judgement.Stale) <= Behind + Slack, $"no client reads an old head for longer than {Behind}: {run}");
        Assert.True(run.Longest(Judgement.Replaced) <= Diverged + Slack, $"no client reads a block that was replaced for longer than {Diverged}: {run}");
        Assert.True(run.Longest(Judgement.Alien) <= Diverged + Slack, $"no client reads another chain for longer than {Diverged}: {run}");
        Assert.True(run.Kubelets.Sum(kubelet => kubelet.TimesTakenOut) > 0, $"kubelet takes pods out of rotation: {run}");
        Assert.Equal(0, run.Kubelets.Sum(kubelet => kubelet.Restarts));
    }
}

public sealed class EthereumFrontUnderFaultsTests(ITestOutputHelper output) : FrontUnderFaultsTests(output)
{
    [SkippableFact]
    public Task Readers_of_ethereum_see_no_old_head_and_no_error_beyond_the_stated_seconds() => PlayAsync(async _ => await EthereumSet.StartAsync());
}

public sealed class BitcoinFrontUnderFaultsTests(ITestOutputHelper output) : FrontUnderFaultsTests(output)
{
    [SkippableFact]
    public Task Readers_of_bitcoin_see_no_old_head_and_no_error_beyond_the_stated_seconds() => PlayAsync(async authority => await BitcoinSet.StartAsync(authority));
}
