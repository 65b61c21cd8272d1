using HaCluster.Stack.Settings.Databases;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Databases;

/// <summary>Input of <see cref="DatabaseNetwork"/>.</summary>
internal sealed record DatabaseNetworkArgs
{
    public required Foundation Foundation { get; init; }

    public required DatabaseEngine Engine { get; init; }
}

/// <summary>Security groups of a database: pods may connect to its proxy, the proxy to its instances, and nothing else.</summary>
internal sealed class DatabaseNetwork : ComponentResource
{
    public const string TypeToken = "ha-cluster:databases:Network";

    private readonly DatabaseNetworkArgs _args;

    public DatabaseNetwork(string name, DatabaseNetworkArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _args = args;
        var proxy = Group($"{name}-proxy", $"Proxy of the {args.Engine.Aurora} database");
        var database = Group(name, $"Instances of the {args.Engine.Aurora} database");

        // Pods have the security group of their node, and all nodes that of the cluster. Network policies select the pods.
        var nodes = args.Foundation.Cluster.VpcConfig.Apply(config => config.ClusterSecurityGroupId!);
        AllowIn($"{name}-proxy-pods", proxy.Id, nodes, "Pods of the cluster");
        AllowIn($"{name}-proxy", database.Id, proxy.Id, "The proxy");
        _ = new Aws.Vpc.SecurityGroupEgressRule(
            $"{name}-proxy",
            new Aws.Vpc.SecurityGroupEgressRuleArgs
            {
                SecurityGroupId = proxy.Id,
                Description = "Instances of the database",
                ReferencedSecurityGroupId = database.Id,
                IpProtocol = "tcp",
                FromPort = args.Engine.Port,
                ToPort = args.Engine.Port,
                Tags = Tags($"{name}-proxy-out"),
            },
            new CustomResourceOptions { Parent = this });

        ProxyGroupId = proxy.Id;
        DatabaseGroupId = database.Id;
        RegisterOutputs();
    }

    public Output<string> ProxyGroupId { get; }

    public Output<string> DatabaseGroupId { get; }

    private Aws.Ec2.SecurityGroup Group(string name, string purpose) => new(
        name,
        new Aws.Ec2.SecurityGroupArgs
        {
            Name = _args.Foundation.Scope.NameOf(name),
            Description = purpose,
            VpcId = _args.Foundation.Network.VpcId,
            Tags = Tags(name),
        },
        new CustomResourceOptions { Parent = this });

    private void AllowIn(string name, Output<string> group, Output<string> from, string purpose) => _ = new Aws.Vpc.SecurityGroupIngressRule(
        name,
        new Aws.Vpc.SecurityGroupIngressRuleArgs
        {
            SecurityGroupId = group,
            Description = purpose,
            ReferencedSecurityGroupId = from,
            IpProtocol = "tcp",
            FromPort = _args.Engine.Port,
            ToPort = _args.Engine.Port,
            Tags = Tags(name),
        },
        new CustomResourceOptions { Parent = this });

    private InputMap<string> Tags(string name) => _args.Foundation.Scope.Tags.Named(_args.Foundation.Scope.NameOf(name));
}
