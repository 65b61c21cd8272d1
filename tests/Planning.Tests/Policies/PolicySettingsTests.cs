using System.Collections.Immutable;
using HaCluster.Planning.Policies;
using HaCluster.Planning.Stacks;

namespace HaCluster.Planning.Tests.Policies;

public sealed class PolicySettingsTests
{
    [Fact]
    public void A_reason_switches_a_policy_off_and_patterns_only_for_some_resources()
    {
        var switches = Read("""{"imdsv2":" no nodes ","iam-no-wildcard":{"reason":"moves in March","resources":["legacy-*"]},"database-backups":{"reason":"none"}}""");
        Assert.Equal(
            [("imdsv2", "no nodes", ""), ("iam-no-wildcard", "moves in March", "legacy-*"), ("database-backups", "none", "")],
            switches.Select(one => (one.Policy, one.Reason, string.Join(' ', one.Resources))));
        Assert.Equal([true, false, true], switches.Select(one => one.IsOff));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[secret]")]
    [InlineData("[]")]
    [InlineData("""{"imdsv2":""}""")]
    [InlineData("""{"imdsv2":false}""")]
    [InlineData("""{"imdsv2":{"resources":["*"]}}""")]
    [InlineData("""{"imdsv2":{"reason":"x","resources":[]}}""")]
    [InlineData("""{"imdsv2":{"reason":"x","resources":"*"}}""")]
    [InlineData("""{"imdsv2":{"reason":"x","resources":[1]}}""")]
    public void What_cannot_be_understood_switches_nothing_off(string? text) => Assert.Empty(Read(text));

    [Theory]
    [InlineData("iam-no-wildcards", "ha-cluster:policies.iam-no-wildcards is not a policy; did you mean iam-no-wildcard?")]
    [InlineData("IMDSv2", "ha-cluster:policies.IMDSv2 is not a policy; did you mean imdsv2?")]
    [InlineData("everything", "ha-cluster:policies.everything is not a policy; known here: database-backups, deletion-protection,")]
    public void An_unknown_policy_is_refused_with_the_nearest(string id, string message)
    {
        var refused = Assert.Throws<RefusedSettingsException>(() => Read($$"""{"{{id}}":"why"}"""));
        Assert.StartsWith(message, Assert.Single(refused.Errors), StringComparison.Ordinal);
    }

    private static ImmutableArray<PolicySwitch> Read(string? text)
    {
        var config = ImmutableSortedDictionary<string, string>.Empty;
        return PolicySettings.Read(new StackSettings
        {
            Stack = "test",
            StackFilePath = "Pulumi.test.yaml",
            Config = text is null ? config : config.Add(PolicySettings.Key, text),
            SecretKeys = [],
        });
    }
}
