namespace HaCluster.Stack.Tests.Settings;

public class PolicySettingsTests
{
    [Fact]
    public void A_policy_is_off_with_a_reason_or_excepts_some_resources()
    {
        var (settings, problems) = Configuration.Read(
            """{"policies":{"imdsv2":" no nodes ","iam-no-wildcard":{"reason":"moves in March","resources":["legacy-*","urn:*::old"]},"database-backups":{"reason":"none"}}}""");

        Assert.Empty(problems);
        Assert.Equal(["database-backups", "iam-no-wildcard", "imdsv2"], settings.Policies.All.Keys);
        Assert.Equal("no nodes", settings.Policies.All["imdsv2"].Reason);
        Assert.Equal(["legacy-*", "urn:*::old"], settings.Policies.All["iam-no-wildcard"].Resources.AsEnumerable());
        Assert.Empty(settings.Policies.All["database-backups"].Resources);
    }

    [Fact]
    public void Without_the_setting_no_policy_is_off() => Assert.Empty(Configuration.Read("{}").Settings.Policies.All);

    [Theory]
    [InlineData("""{"imdsv2":""}""", "ha-cluster:policies.imdsv2 is empty; every plan shows the reason: write in one sentence why the policy is off")]
    [InlineData("""{"imdsv2":"  "}""", "ha-cluster:policies.imdsv2 is empty; every plan shows the reason")]
    [InlineData("""{"imdsv2":null}""", "ha-cluster:policies.imdsv2 is empty; every plan shows the reason")]
    [InlineData("""{"imdsv2":false}""", "ha-cluster:policies.imdsv2 is false; a string is expected here")]
    [InlineData("""{"imdsv2":["no nodes"]}""", "ha-cluster:policies.imdsv2 is a list; a string is expected here")]
    [InlineData("""{"imdsv2":{"resources":["x"]}}""", "ha-cluster:policies.imdsv2.reason is empty; every plan shows the reason")]
    [InlineData("""{"imdsv2":{"reason":"why","resources":[]}}""", "ha-cluster:policies.imdsv2.resources must contain patterns such as")]
    [InlineData("""{"imdsv2":{"reason":"why","resources":["a",""]}}""", "ha-cluster:policies.imdsv2.resources must contain patterns such as")]
    [InlineData("""{"imdsv2":{"reason":"why","resources":"x"}}""", "ha-cluster:policies.imdsv2.resources is \"x\"; a list of strings is expected here")]
    [InlineData("""{"imdsv2":{"reason":"why","resource":["x"]}}""", "ha-cluster:policies.imdsv2.resource is not a setting; did you mean resources?")]
    public void Anything_else_is_refused_once(string json, string message)
    {
        var (_, problems) = Configuration.Read($$"""{"policies":{{json}} }""");

        Assert.StartsWith(message, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_policies_is_refused() =>
        Assert.StartsWith(
            "ha-cluster:policies is a list; an object with keys is expected here",
            Assert.Single(Configuration.Read("""{"policies":["imdsv2"]}""").Problems),
            StringComparison.Ordinal);
}
