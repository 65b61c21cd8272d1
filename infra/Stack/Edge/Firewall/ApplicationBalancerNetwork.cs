using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Edge.Firewall;

/// <summary>Input of <see cref="ApplicationBalancerNetwork"/>.</summary>
public sealed record ApplicationBalancerNetworkArgs
{
    public required Foundation Foundation { get; init; }
}

/// <summary>Who may open connections to the application load balancer, the world, and where it may open some, the proxies.</summary>
public sealed class ApplicationBalancerNetwork : ComponentResource
{
    public const string TypeToken = "ha-cluster:edge:ApplicationBalancerNetwork";

    private readonly ApplicationBalancerNetworkArgs _args;

    public ApplicationBalancerNetwork(string name, ApplicationBalancerNetworkArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _args = args;
        var scope = args.Foundation.Scope;
        var group = new Aws.Ec2.SecurityGroup(
            "edge",
            new Aws.Ec2.SecurityGroupArgs
            {
                Name = scope.NameOf("edge"),
                Description = "Application load balancer in front of the gateway",
                VpcId = args.Foundation.Network.VpcId,
                Tags = Tags("edge"),
            },
            new CustomResourceOptions { Parent = this });
        GroupId = group.Id;
        foreach (var (protocol, port) in new[] { ("http", EdgePorts.Http), ("https", EdgePorts.Https) })
            AllowIngress($"edge-{protocol}", group.Id, port);

        // Pods have the security group of their node, and all nodes that of the cluster. Network policies select the pods.
        var nodes = args.Foundation.Cluster.VpcConfig.Apply(config => config.ClusterSecurityGroupId!);
        _ = new Aws.Vpc.SecurityGroupEgressRule(
            "edge",
            new Aws.Vpc.SecurityGroupEgressRuleArgs
            {
                SecurityGroupId = group.Id,
                Description = "Proxies of the gateway",
                ReferencedSecurityGroupId = nodes,
                IpProtocol = "tcp",
                FromPort = EdgePorts.ProxyHttps,
                ToPort = EdgePorts.ProxyHttps,
                Tags = Tags("edge-out"),
            },
            new CustomResourceOptions { Parent = this });
        _ = new Aws.Vpc.SecurityGroupIngressRule(
            "edge-proxies",
            new Aws.Vpc.SecurityGroupIngressRuleArgs
            {
                SecurityGroupId = nodes,
                Description = "Application load balancer to the proxies of the gateway",
                ReferencedSecurityGroupId = group.Id,
                IpProtocol = "tcp",
                FromPort = EdgePorts.ProxyHttps,
                ToPort = EdgePorts.ProxyHttps,
                Tags = Tags("edge-proxies"),
            },
            new CustomResourceOptions { Parent = this });
        RegisterOutputs();
    }

    /// <summary>Security group of the load balancer.</summary>
    public Output<string> GroupId { get; }

    private void AllowIngress(string name, Output<string> group, int port) => _ = new Aws.Vpc.SecurityGroupIngressRule(
        name,
        new Aws.Vpc.SecurityGroupIngressRuleArgs
        {
            SecurityGroupId = group,
            Description = "The internet",
            CidrIpv4 = "0.0.0.0/0",
            IpProtocol = "tcp",
            FromPort = port,
            ToPort = port,
            Tags = Tags(name),
        },
        new CustomResourceOptions { Parent = this });

    private InputMap<string> Tags(string name) => _args.Foundation.Scope.Tags.Named(_args.Foundation.Scope.NameOf(name));
}
