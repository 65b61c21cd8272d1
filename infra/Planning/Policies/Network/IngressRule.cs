using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Policies.Network;

/// <summary>What a security group lets in, in any of the three forms that the provider has for it.</summary>
/// <param name="Group">Id of the security group; null when it is not known.</param>
/// <param name="IsForEveryone">Whether a source is the whole of IPv4 or IPv6.</param>
internal sealed record IngressRule(ResourceNode Resource, string? Group, bool IsForEveryone, int FromPort, int ToPort)
{
    private const int LastPort = 65535;

    public bool Includes(int port) => FromPort <= port && port <= ToPort;

    public static IEnumerable<IngressRule> Of(PolicyGraph graph)
    {
        foreach (var rule in graph.Of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"))
            yield return Read(rule, rule.Inputs.At("securityGroupId").Text(), new PropertyValue.Map(rule.Inputs));
        foreach (var rule in graph.Of("aws:ec2/securityGroupRule:SecurityGroupRule").Where(rule => rule.Inputs.At("type").Text() == "ingress"))
            yield return Read(rule, rule.Inputs.At("securityGroupId").Text(), new PropertyValue.Map(rule.Inputs));
        foreach (var group in graph.Of("aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"))
        {
            foreach (var rule in group.Inputs.At("ingress").Items())
                yield return Read(group, group.Id, rule);
        }
    }

    private static IngressRule Read(ResourceNode resource, string? group, PropertyValue rule)
    {
        string?[] sources =
        [
            rule.At("cidrIpv4").Text(), rule.At("cidrIpv6").Text(), .. rule.At("cidrBlocks").Texts(), .. rule.At("ipv6CidrBlocks").Texts(),
        ];
        // -1 as protocol or port stands for all of them.
        var isAll = (rule.At("ipProtocol").Text() ?? rule.At("protocol").Text()) is "-1" or "all" || rule.At("fromPort").Integer() is null or -1;
        return new IngressRule(
            resource,
            group,
            sources.Any(source => source?.EndsWith("/0", StringComparison.Ordinal) == true),
            isAll ? 0 : rule.At("fromPort").Integer()!.Value,
            isAll ? LastPort : rule.At("toPort").Integer() ?? LastPort);
    }
}
