using HaCluster.Workloads.Tests.Peers;
using HaCluster.Workloads.Tests.Rules;

namespace HaCluster.Workloads.Tests.Chains.Alerts;

/// <summary>Every chain alert from the node to the message in Slack and back: see <see cref="ChainStage"/> for what is real.</summary>
public abstract class ChainAlertTests
{
    private readonly Lazy<Task<ChainStage>> _stage;

    private protected ChainAlertTests(Lazy<Task<ChainStage>> stage) => _stage = stage;

    private protected async Task PlayAsync(ChainScenario scenario)
    {
        foreach (var tool in (Tool[])[Tool.Prometheus, Tool.Alertmanager, Tool.HaProxy])
            tool.Require();
        var stage = await _stage.Value;
        var before = stage.Slack.Count;

        await scenario.Break(stage);
        await stage.UntilAsync($"{scenario.Name}: what fires is {string.Join(", ", scenario.Fires)}", async () =>
        {
            var firing = await stage.Prometheus.FiringAsync();
            return firing.IsSupersetOf(scenario.Fires) && firing.IsSubsetOf(scenario.Fires.Concat(scenario.MayFire));
        });
        foreach (var alert in scenario.Fires)
        {
            await UntilToldAsync("FIRING:", alert);
            var message = stage.Slack.Skip(before).First(delivery => IsOf(delivery, "FIRING:", alert));
            Assert.Equal(Catalog.Alerts[alert].Severity == "critical" ? "/slack/alerts-critical" : "/slack/alerts", message.Path);
            Assert.Contains($"{alert}.md", message.Text, StringComparison.Ordinal);
            // A template that asks for a label which the series does not have leaves a gap.
            Assert.DoesNotContain("<no value>", message.Text, StringComparison.Ordinal);
        }

        await scenario.Repair(stage);
        foreach (var alert in scenario.Fires)
            await UntilToldAsync("RESOLVED", alert);
        await stage.UntilAsync($"{scenario.Name}: all is well again", async () => (await stage.Prometheus.FiringAsync()).Count == 0);

        Task UntilToldAsync(string status, string alert) => stage.UntilAsync(
            $"{scenario.Name}: Slack is told [{status}] {alert}", () => Task.FromResult(stage.Slack.Skip(before).Any(delivery => IsOf(delivery, status, alert))));
    }

    private static bool IsOf(Slack.Delivery delivery, string status, string alert) =>
        delivery.Title.StartsWith($"[{status}", StringComparison.Ordinal) && delivery.Title.Split("] ", 2)[1].Split(' ')[0] == alert;
}

/// <summary>One stage for all scenarios, started by the first that is not skipped.</summary>
public sealed class StartedStage : IAsyncLifetime
{
    private readonly List<Lazy<Task<ChainStage>>> _stages = [];

    internal Lazy<Task<ChainStage>> Of(Func<Task<ChainStage>> start)
    {
        if (_stages.Count == 0)
            _stages.Add(new Lazy<Task<ChainStage>>(start));
        return _stages[0];
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var stage in _stages.Where(stage => stage.IsValueCreated && stage.Value.IsCompletedSuccessfully))
            await (await stage.Value).DisposeAsync();
    }
}

public sealed class BitcoinAlertTests(StartedStage stage) : ChainAlertTests(stage.Of(ChainStage.BitcoinAsync)), IClassFixture<StartedStage>
{
    public static TheoryData<string> Scenarios => new(ChainScenarios.Bitcoin.Select(scenario => scenario.Name));

    [SkippableTheory]
    [MemberData(nameof(Scenarios))]
    public Task Alerts_fire_reach_Slack_and_end(string scenario) => PlayAsync(ChainScenarios.Bitcoin.Single(one => one.Name == scenario));
}

/// <summary>The scenarios of Ethereum are played on two stages: they wait most of the time, and those of one stage run one after the other.</summary>
public sealed class EthereumAlertTests(StartedStage stage) : ChainAlertTests(stage.Of(ChainStage.EthereumAsync)), IClassFixture<StartedStage>
{
    public static TheoryData<string> Scenarios => new(ChainScenarios.Ethereum.Where((_, at) => at % 2 == 0).Select(scenario => scenario.Name));

    [SkippableTheory]
    [MemberData(nameof(Scenarios))]
    public Task Alerts_fire_reach_Slack_and_end(string scenario) => PlayAsync(ChainScenarios.Ethereum.Single(one => one.Name == scenario));
}

/// <summary>On the second stage: see <see cref="EthereumAlertTests"/>.</summary>
public sealed class SecondEthereumAlertTests(StartedStage stage) : ChainAlertTests(stage.Of(ChainStage.EthereumAsync)), IClassFixture<StartedStage>
{
    public static TheoryData<string> Scenarios => new(ChainScenarios.Ethereum.Where((_, at) => at % 2 == 1).Select(scenario => scenario.Name));

    [SkippableTheory]
    [MemberData(nameof(Scenarios))]
    public Task Alerts_fire_reach_Slack_and_end(string scenario) => PlayAsync(ChainScenarios.Ethereum.Single(one => one.Name == scenario));
}

public sealed class ChainScenarioTests
{
    [Fact]
    public void Every_chain_alert_of_the_catalog_is_fired_by_a_scenario()
    {
        var alerts = Catalog.All.Where(group => group.Name is "bitcoin" or "chain-snapshots" or "chains" or "ethereum").SelectMany(group => group.Alerts).Select(alert => alert.Name);

        Assert.Equal(
            alerts.Order(StringComparer.Ordinal),
            ChainScenarios.Bitcoin.Concat(ChainScenarios.Ethereum).SelectMany(scenario => scenario.Fires).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_chain_alert_is_outside_these_groups() =>
        Assert.All(Catalog.All.Where(group => group.Alerts.Any(alert => alert.Team == "chains")), group => Assert.Contains(group.Name, (string[])["bitcoin", "chain-snapshots", "chains", "ethereum"]));
}
