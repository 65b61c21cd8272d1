using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Policies.Network;

/// <summary>An ingress rule of a security group, in any form of the provider.</summary>
/// <param name="Group">Id of the security group; null when it is not known.</param>
/// <param name="Sources">Source ranges, including those of its prefix lists.</param>
/// <param name="Unknown">A source that cannot be resolved here; null when there is none.</param>
internal sealed record IngressRule(ResourceNode Resource, string? Group, ImmutableArray<string> Sources, string? Unknown, int FromPort, int ToPort)
{
    private const int LastPort = 65535;

    private static readonly string[] SourceProperties = ["cidrIpv4", "cidrIpv6", "cidrBlocks", "ipv6CidrBlocks", "prefixListId", "prefixListIds"];

    public bool Includes(int port) => FromPort <= port && port <= ToPort;

    public static IEnumerable<IngressRule> Of(PolicyGraph graph)
    {
        var lists = PrefixLists(graph);
        foreach (var rule in graph.Of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"))
            yield return Read(rule, rule.Inputs.At("securityGroupId").Text(), new PropertyValue.Map(rule.Inputs), lists);
        foreach (var rule in graph.Of("aws:ec2/securityGroupRule:SecurityGroupRule").Where(rule => rule.Inputs.At("type").Text() == "ingress"))
            yield return Read(rule, rule.Inputs.At("securityGroupId").Text(), new PropertyValue.Map(rule.Inputs), lists);
        foreach (var group in graph.Of("aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"))
        {
            foreach (var rule in group.Inputs.At("ingress").Items())
                yield return Read(group, group.Id, rule, lists);
        }
    }

    private static IngressRule Read(ResourceNode resource, string? group, PropertyValue rule, ILookup<string, string> lists)
    {
        string[] sources = [.. OneOrMore(rule.At("cidrIpv4")), .. OneOrMore(rule.At("cidrIpv6")), .. OneOrMore(rule.At("cidrBlocks")), .. OneOrMore(rule.At("ipv6CidrBlocks"))];
        string[] named = [.. OneOrMore(rule.At("prefixListId")), .. OneOrMore(rule.At("prefixListIds"))];
        var given = ((PropertyValue.Map)rule.At()!).Entries;
        var unknown = named.FirstOrDefault(list => !lists.Contains(list)) is { } elsewhere ? $"prefix list {elsewhere}"
            : sources.FirstOrDefault(source => AddressRange.TryParse(source) is null) is { } unread ? $"source {unread}"
            : SourceProperties.FirstOrDefault(property => given.TryGetValue(property, out var value) && IsClosed(value));
        // -1 as protocol or port means all.
        var isAll = (rule.At("ipProtocol").Text() ?? rule.At("protocol").Text()) is "-1" or "all" || rule.At("fromPort").Integer() is null or -1;
        return new IngressRule(
            resource,
            group,
            [.. sources, .. named.SelectMany(list => lists[list])],
            unknown,
            isAll ? 0 : rule.At("fromPort").Integer()!.Value,
            isAll ? LastPort : rule.At("toPort").Integer() ?? LastPort);
    }

    /// <summary>Ranges by prefix list id; an empty list has an entry too.</summary>
    private static ILookup<string, string> PrefixLists(PolicyGraph graph)
    {
        var inline = graph.Of("aws:ec2/managedPrefixList:ManagedPrefixList")
            .SelectMany(list => list.Inputs.At("entries").Items().Select(entry => (List: list.Id ?? "", Range: entry.At("cidr").Text() ?? "")));
        var own = graph.Of("aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry")
            .Select(entry => (List: entry.Inputs.At("prefixListId").Text() ?? "", Range: entry.Inputs.At("cidr").Text() ?? ""));
        return inline.Concat(own).ToLookup(one => one.List, one => one.Range);
    }

    private static bool IsClosed(PropertyValue value) => value.IsSecret() || value.ContainsUnknowns();

    private static IEnumerable<string> OneOrMore(PropertyValue? value) => value.Text() is { } text ? [text] : value.Texts();
}

/// <summary>Ports open to the internet through one rule, or through several rules of one security group together.</summary>
internal sealed class OpenPorts(PolicyGraph graph)
{
    private readonly ImmutableArray<IngressRule> _rules = [.. IngressRule.Of(graph)];

    /// <summary>Rules whose source cannot be read.</summary>
    public IEnumerable<IngressRule> Unknown => _rules.Where(rule => rule.Unknown is not null);

    /// <summary>Every rule that is open to the internet by itself, and the first of each group whose rules are so together.</summary>
    public IEnumerable<(IngressRule Rule, string Source, ImmutableArray<int> Ports)> Of(Func<IngressRule, ImmutableArray<int>> portsOf)
    {
        foreach (var group in _rules.GroupBy(rule => rule.Group ?? rule.Resource.Urn))
        {
            var rest = new List<(IngressRule Rule, ImmutableArray<int> Ports)>();
            foreach (var rule in group)
            {
                if (portsOf(rule) is not { IsEmpty: false } ports)
                    continue;
                if (AddressRanges.Broad(rule.Sources) is { } broad)
                    yield return (rule, broad, ports);
                else
                    rest.Add((rule, ports));
            }

            var together = rest.SelectMany(one => one.Ports).Distinct()
                .Select(port => (Port: port, Rules: rest.Where(one => one.Ports.Contains(port)).Select(one => one.Rule).ToList()))
                .Where(one => one.Rules.Count > 1)
                .Select(one => (one.Port, one.Rules, Broad: AddressRanges.Broad(one.Rules.SelectMany(rule => rule.Sources))))
                .Where(one => one.Broad is not null).ToList();
            if (together.Count > 0)
                yield return (together[0].Rules[0], together[0].Broad!, [.. together.Select(one => one.Port)]);
        }
    }
}
