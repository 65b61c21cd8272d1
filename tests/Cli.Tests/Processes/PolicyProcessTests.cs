using HaCluster.Engine.Graph;
using HaCluster.Planning.Plans.Documents;
using HaCluster.Planning.Policies;

namespace HaCluster.Cli.Tests.Processes;

public sealed class PolicyProcessTests
{
    private const string Unprotected = "config:\n  aws:region: eu-central-1\n  ha-cluster:cluster: {deletionProtection: false}\n";
    private const string Violation = "deletion-protection: Cluster cluster: deletionProtection is not true";

    [Fact]
    public void Prod_breaks_no_policy()
    {
        var result = Ha.Answer("plan");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Matches("\nPolicies\n[0-9]+ policies hold", result.Output);
        Assert.DoesNotContain("violated", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Dev_says_what_it_gives_up_and_why()
    {
        var result = Ha.Answer("plan", "--stack", "dev");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("\noff         deletion-protection: dev is deleted and created again", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_violation_refuses_the_plan_and_still_shows_it()
    {
        var result = Plan(Unprotected);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("violated    deletion-protection:", result.Output, StringComparison.Ordinal);
        Assert.Contains("Node groups, minimum and maximum", result.Output, StringComparison.Ordinal);
        Assert.Contains(Violation, result.Error, StringComparison.Ordinal);
        Assert.StartsWith("error: stack prod is refused", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void On_standard_output_json_is_all_there_is_and_the_violations_go_to_standard_error()
    {
        var result = Plan(Unprotected, "--json", "-");
        Assert.Equal(1, result.ExitCode);
        var document = PlanDocumentReader.Read(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(result.Output)));
        var policy = Assert.Single(document.Policies, policy => policy.Status == PolicyStatus.Violated);
        Assert.Equal(("deletion-protection", "cluster"), (policy.Id, ResourceUrn.Name(policy.Violations.Single().Urn)));
        Assert.Contains(Violation, result.Error, StringComparison.Ordinal);
        Assert.Contains($"  fix: {policy.Fix}", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deletion-protection: thrown away weekly", "off         deletion-protection: thrown away weekly (Cluster cluster)")]
    [InlineData("deletion-protection: {reason: thrown away weekly, resources: [clus*]}", "exempted    deletion-protection: thrown away weekly (Cluster cluster)")]
    public void Switched_off_with_a_reason_it_refuses_nothing(string setting, string shown)
    {
        var result = Plan($"{Unprotected}  ha-cluster:policies:\n    {setting}\n");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains(shown, result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deletion-protections: x", "ha-cluster:policies.deletion-protections is not a policy; did you mean deletion-protection?")]
    [InlineData("deletion-protection: ''", "ha-cluster:policies.deletion-protection is empty; every plan shows the reason")]
    public void A_switch_that_cannot_be_meant_ends_with_1(string setting, string expected)
    {
        var result = Plan($"{Unprotected}  ha-cluster:policies: {{{setting}}}\n");
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    private static HaResult Plan(string yaml, params string[] arguments)
    {
        using var scratch = new Scratch();
        return Ha.Answer(["plan", "--settings", scratch.Write("settings.yaml", yaml), .. arguments]);
    }
}
