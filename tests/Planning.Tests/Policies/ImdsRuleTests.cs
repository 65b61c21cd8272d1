using HaCluster.Planning.Policies;
using HaCluster.Planning.Tests.Graphs;

namespace HaCluster.Planning.Tests.Policies;

public sealed class ImdsRuleTests
{
    private const string Imds = "imdsv2";
    private const string Template = "aws:ec2/launchTemplate:LaunchTemplate";
    private const string NodeGroup = "aws:eks/nodeGroup:NodeGroup";
    private const string Strong = """{"httpTokens":"required","httpPutResponseHopLimit":1}""";

    // https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
    [Theory]
    [InlineData(Strong)]
    [InlineData("""{"httpEndpoint":"disabled"}""")]
    [InlineData("""{"httpTokens":"optional","httpPutResponseHopLimit":1}""", "metadataOptions.httpTokens is not required")]
    [InlineData("""{"httpTokens":"required","httpPutResponseHopLimit":2}""", "metadataOptions.httpPutResponseHopLimit is not 1")]
    [InlineData("""{"httpTokens":"required"}""", "metadataOptions.httpPutResponseHopLimit is not 1")]
    [InlineData("null", "metadataOptions.httpPutResponseHopLimit is not 1", "metadataOptions.httpTokens is not required")]
    public void Nodes_keep_their_role_to_themselves(string options, params string[] problems)
    {
        foreach (var type in new[] { Template, "aws:ec2/launchConfiguration:LaunchConfiguration", "aws:ec2/instance:Instance" })
        {
            Assert.Equal(
                problems.Select(problem => $"{type[(type.LastIndexOf(':') + 1)..]} it: {problem}"),
                Checked.Problems(Imds, type, Json.Of($$"""{"metadataOptions":{{options}} }""")));
        }
    }

    // https://docs.aws.amazon.com/eks/latest/userguide/al2023.html: tokens are required and managed node groups allow one hop. AL2 asks for neither.
    [Theory]
    [InlineData("""{"amiType":"AL2023_ARM_64_STANDARD"}""", PolicyStatus.Holds)]
    [InlineData("""{"amiType":"AL2_x86_64"}""", PolicyStatus.Violated)]
    [InlineData("""{"amiType":"BOTTLEROCKET_x86_64"}""", PolicyStatus.Incomplete)]
    [InlineData("""{"amiType":{"$unknown":true}}""", PolicyStatus.Incomplete)]
    [InlineData("""{"clusterName":"prod"}""", PolicyStatus.Holds)]
    [InlineData("""{"clusterName":"prod","version":"1.29"}""", PolicyStatus.Violated)]
    [InlineData("""{"clusterName":"other"}""", PolicyStatus.Incomplete)]
    public void A_group_without_a_template_is_as_strong_as_what_EKS_gives_it(string group, PolicyStatus expected)
    {
        var graph = new GraphBuilder();
        graph.Resource("aws:eks/cluster:Cluster", "cluster", new { name = "prod", version = "1.35" });
        graph.Resource(NodeGroup, "general", Json.Of(group));
        Assert.Equal(expected, Checked.Of(Imds, graph.Build()).Status);
    }

    [Theory]
    [InlineData("""{"launchTemplate":{"id":"lt-1","version":"2"}}""", true)]
    [InlineData("""{"launchTemplate":{"name":"nodes","version":2}}""", true)]
    [InlineData("""{"launchTemplate":{"id":"lt-1","version":"$Latest"}}""", true)]
    [InlineData("""{"launchTemplate":{"id":"lt-1","version":"1"}}""", false)]
    [InlineData("""{"launchTemplate":{"id":"lt-1","version":"$Default"}}""", false)]
    [InlineData("""{"launchTemplate":{"id":"lt-1"}}""", false)]
    [InlineData("""{"launchTemplate":{"id":"lt-of-someone-else","version":"2"}}""", false)]
    public void A_launch_template_counts_for_a_group_in_the_declared_version(string reference, bool isInspected)
    {
        foreach (var type in new[] { NodeGroup, "aws:autoscaling/group:Group", "aws:ec2/instance:Instance" })
        {
            var graph = new GraphBuilder();
            graph.Resource(Template, "nodes", Json.Of($$"""{"name":"nodes","metadataOptions":{{Strong}} }"""), id: "lt-1", outputs: new { latestVersion = 2 });
            graph.Resource(type, "general", Json.Of(reference));
            Assert.Equal(isInspected ? PolicyStatus.Holds : PolicyStatus.Incomplete, Checked.Of(Imds, graph.Build()).Status);
        }
    }

    [Fact]
    public void Every_template_of_a_mixed_group_and_an_old_launch_configuration_is_looked_up()
    {
        var graph = new GraphBuilder();
        graph.Resource(Template, "nodes", Json.Of($$"""{"metadataOptions":{{Strong}} }"""), id: "lt-1");
        graph.Resource("aws:autoscaling/group:Group", "mixed", Json.Of(
            """
            {"mixedInstancesPolicy":{"launchTemplate":{"launchTemplateSpecification":{"launchTemplateId":"lt-1","version":"$Latest"},
              "overrides":[{"instanceType":"m7g.large","launchTemplateSpecification":{"launchTemplateId":"lt-2"}},{"instanceType":"m7i.large"}]}}}
            """));
        graph.Resource("aws:autoscaling/group:Group", "old", new { launchConfiguration = "elsewhere" });
        Assert.Equal(
            ["group Group old: launch configuration elsewhere", "template lt-2 of Group mixed"], Checked.Of(Imds, graph.Build()).NotInspected.AsEnumerable());
    }

    // https://karpenter.sh/docs/concepts/nodeclasses/#specmetadataoptions
    [Theory]
    [InlineData("{}")]
    [InlineData("""{"metadataOptions":{"httpTokens":"optional"}}""", "spec.metadataOptions.httpTokens is not required")]
    [InlineData("""{"metadataOptions":{"httpPutResponseHopLimit":2}}""", "spec.metadataOptions.httpPutResponseHopLimit is not 1")]
    public void Nodes_of_Karpenter_are_strong_unless_weakened(string spec, params string[] problems) =>
        Assert.Equal(
            problems.Select(problem => $"EC2NodeClass it: {problem}"),
            Checked.Problems(Imds, "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass", Json.Of($$"""{"spec":{{spec}} }""")));
}
