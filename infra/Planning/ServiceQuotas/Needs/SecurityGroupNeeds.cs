using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.ServiceQuotas.Needs;

/// <summary>Security groups and the rules of the fullest one, in one direction: AWS counts the directions separately.</summary>
internal static class SecurityGroupNeeds
{
    private static readonly string[] Directions = ["ingress", "egress"];
    private static readonly string[] SourceLists = ["cidrBlocks", "ipv6CidrBlocks", "prefixListIds", "securityGroups"];

    public static IEnumerable<QuotaNeed> Of(ResourceGraph graph, LoadBalancerCount balancers)
    {
        var declared = graph.OfType("aws:ec2/securityGroup:SecurityGroup").ToList();
        // Made by AWS: the default group of a VPC, the cluster's group; by the load balancer controller: one per load balancer and a
        // shared one.
        var clusters = graph.OfType("aws:eks/cluster:Cluster").Count();
        var vpcs = graph.OfType("aws:ec2/vpc:Vpc").Count();
        var ofBalancers = balancers.FromKubernetes > 0 ? balancers.FromKubernetes + 1 : 0;
        yield return QuotaNeed.Of(
            "vpc",
            "L-E79EC296",
            declared.Count + clusters + vpcs + ofBalancers,
            $"{declared.Count} declared, {vpcs} by default in VPCs, {clusters} of EKS, {ofBalancers} of the load balancer controller");
        var fullest = RuleCounts(graph, declared).DefaultIfEmpty((Group: "none", Rules: 0)).MaxBy(group => group.Rules);
        yield return QuotaNeed.Of("vpc", "L-0EA8095F", fullest.Rules, $"{Wording.Count(fullest.Rules, "rule")} of one direction in {fullest.Group}, the fullest group");
    }

    private static IEnumerable<(string Group, int Rules)> RuleCounts(ResourceGraph graph, List<ResourceNode> groups)
    {
        var names = groups.Where(group => group.Id is not null).ToLookup(group => group.Id!, group => group.Name);
        var single = graph.OfType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").Select(rule => (Rule: rule, Direction: "ingress"))
            .Concat(graph.OfType("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule").Select(rule => (Rule: rule, Direction: "egress")))
            .Select(rule => (Group: NameOf(rule.Rule.Inputs.At("securityGroupId").Text()), rule.Direction, Rules: 1));
        var older = graph.OfType("aws:ec2/securityGroupRule:SecurityGroupRule").Select(rule => (
            Group: NameOf(rule.Inputs.At("securityGroupId").Text()),
            Direction: rule.Inputs.At("type").Text() ?? "",
            Rules: Sources(new PropertyValue.Map(rule.Inputs))));
        var inline = groups.SelectMany(group => Directions.Select(direction =>
            (Group: group.Name, Direction: direction, Rules: group.Inputs.At(direction).Items().Sum(Sources))));
        return single.Concat(older).Concat(inline)
            .GroupBy(rule => (rule.Group, rule.Direction))
            .Select(group => (group.Key.Group, group.Sum(rule => rule.Rules)));

        string NameOf(string? id) => names[id ?? ""].FirstOrDefault() ?? "a group that is not declared here";
    }

    /// <summary>Each source of a rule counts as a rule.</summary>
    private static int Sources(PropertyValue rule) => Math.Max(
        1,
        SourceLists.Sum(property => rule.At(property).Items().Length) + (rule.At("self").IsTrue() ? 1 : 0));
}
