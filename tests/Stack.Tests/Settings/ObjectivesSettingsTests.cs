namespace HaCluster.Stack.Tests.Settings;

public class ObjectivesSettingsTests
{
    [Fact]
    public void Nothing_need_be_said()
    {
        var (settings, problems) = Configuration.Read("{}");

        Assert.Empty(problems);
        Assert.Equal((10, 20, 2), (settings.Objectives.Recovery.Stateless.Minutes, settings.Objectives.Recovery.Stateful.Minutes, settings.Objectives.Recovery.Database.Minutes));
        Assert.Empty(settings.Objectives.Serving);
    }

    [Fact]
    public void Times_and_replicas_are_read()
    {
        var (settings, problems) = Configuration.Read("""{"objectives":{"recovery":{"stateless":"90s","stateful":"1h"},"serving":{"chains/bitcoin":2,"kube-system/coredns":0}}}""");

        Assert.Empty(problems);
        Assert.Equal((TimeSpan.FromSeconds(90), TimeSpan.FromHours(1)), (settings.Objectives.Recovery.Stateless, settings.Objectives.Recovery.Stateful));
        Assert.Equal((2, 0), (settings.Objectives.Serving["chains/bitcoin"], settings.Objectives.Serving["kube-system/coredns"]));
    }

    [Theory]
    [InlineData("""{"recovery":{"stateless":"soon"}}""", "recovery.stateless is \"soon\"; write a duration from 1s to 24h, such as 90s, 10m or 1h")]
    [InlineData("""{"recovery":{"stateful":"0s"}}""", "recovery.stateful is \"0s\"; write a duration from 1s to 24h, such as 90s, 10m or 1h")]
    [InlineData("""{"recovery":{"database":"25h"}}""", "recovery.database is \"25h\"; write a duration from 1s to 24h, such as 90s, 10m or 1h")]
    [InlineData("""{"recovery":{"stateles":"1m"}}""", "recovery.stateles is not a setting; did you mean stateless?")]
    [InlineData("""{"serving":{"bitcoin":2}}""", "serving.bitcoin is 2; write the namespace and name of a workload, such as chains/bitcoin")]
    [InlineData("""{"serving":{"chain/bitcoin":2}}""", "serving.chain/bitcoin is 2; the cluster has no namespace chain; did you mean chains?")]
    [InlineData("""{"serving":{"chains/bitcoin":-1}}""", "serving.chains/bitcoin is -1; choose a number from 0 to 10000")]
    [InlineData("""{"serving":{"chains/bitcoin":"two"}}""", "serving.chains/bitcoin is \"two\"; a whole number is expected here")]
    public void Are_refused_by_name_with_a_way_out(string json, string message)
    {
        var (_, problems) = Configuration.Read("{\"objectives\":" + json + "}");

        Assert.StartsWith("ha-cluster:objectives." + message, Assert.Single(problems), StringComparison.Ordinal);
    }
}
