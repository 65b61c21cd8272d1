using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Policies.Network;

namespace HaCluster.Planning.Policies.Rules;

internal sealed class NoPublicAdministration : Policy
{
    // SSH, RDP, etcd, WinRM, the Kubernetes API and the kubelet.
    private static readonly int[] AdministrationPorts = [22, 2379, 2380, 3389, 5985, 5986, 6443, 10250];

    public override string Id => "no-public-administration";

    public override string Title => "neither the Kubernetes API nor a port for administrators is open to the internet";

    public override string Why => "Such ports are scanned within minutes, and one stolen key or one hole in the software is then enough.";

    public override Uri Source { get; } = new("https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html");

    public override string Fix =>
        "name the public addresses of your networks in ha-cluster:cluster.publicAccessCidrs, or leave it empty and go through the VPC; reach nodes by Session Manager";

    internal override IEnumerable<Finding> Check(PolicyGraph graph)
    {
        foreach (var cluster in graph.Of("aws:eks/cluster:Cluster"))
        {
            var network = cluster.Inputs.GetValueOrDefault("vpcConfig");
            if (network is not null && (network.At() is null || network.ContainsUnknowns()))
                yield return NotInspected("cluster", $"{cluster.Name}: its vpcConfig");
            else if (ClusterFacts.Of(cluster) is { HasPublicEndpoint: true } facts && AddressRanges.Broad(facts.PublicCidrs) is { } source)
                yield return Violation(cluster, $"vpcConfig.publicAccessCidrs open the Kubernetes API to the internet ({source})");
        }

        var open = new OpenPorts(graph);
        foreach (var (rule, source, ports) in open.Of(rule => [.. AdministrationPorts.Where(rule.Includes)]))
        {
            var target = ports.Length == AdministrationPorts.Length ? "all ports" : $"port {string.Join(", ", ports)}";
            yield return Violation(rule.Resource, $"opens {target} to the internet ({source})");
        }

        foreach (var rule in open.Unknown.Where(rule => AdministrationPorts.Any(rule.Includes)))
            yield return NotInspected("rule", $"{Policies.Violation.NameOf(rule.Resource)}: {rule.Unknown}");
    }
}
