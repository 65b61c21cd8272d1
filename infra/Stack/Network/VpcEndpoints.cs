using System.Collections.Immutable;
using HaCluster.Stack.Naming;
using HaCluster.Stack.Settings.Network;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Network;

/// <summary>Input of <see cref="VpcEndpoints"/>.</summary>
public sealed record VpcEndpointsArgs
{
    public required StackScope Scope { get; init; }

    public required Output<string> VpcId { get; init; }

    public required Ipv4Cidr VpcCidr { get; init; }

    /// <summary>One subnet per zone for the interfaces.</summary>
    public required Output<ImmutableArray<string>> SubnetIds { get; init; }

    /// <summary>Route tables that get a route to S3.</summary>
    public required ImmutableArray<Output<string>> RouteTableIds { get; init; }

    /// <summary>Whether to make interface endpoints, which cost by the hour and zone; the one for S3 is free.</summary>
    public required bool WithInterfaces { get; init; }
}

/// <summary>
/// Endpoints of AWS services inside the VPC: nodes can join, pull images and get credentials while a NAT gateway or the internet is unavailable.
/// </summary>
public sealed class VpcEndpoints : ComponentResource
{
    public const string TypeToken = "ha-cluster:network:Endpoints";

    private const int Https = 443;

    /// <summary>Services that nodes and add-ons call; <c>eks-auth</c> serves pod identity, <c>autoscaling</c> the autoscaler.</summary>
    private static readonly string[] Services =
        ["autoscaling", "ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "elasticloadbalancing", "kms", "logs", "secretsmanager", "sts"];

    public VpcEndpoints(string name, VpcEndpointsArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var scope = args.Scope;

        // Endpoints of the gateway kind are called com.amazonaws in every partition.
        var s3 = new Aws.Ec2.VpcEndpoint(
            "s3",
            new Aws.Ec2.VpcEndpointArgs
            {
                VpcId = args.VpcId,
                ServiceName = $"com.amazonaws.{scope.Account.Region}.s3",
                VpcEndpointType = "Gateway",
                RouteTableIds = args.RouteTableIds,
                Policy = EndpointPolicies.OfBuckets(scope.Account),
                Tags = scope.Tags.Named(scope.NameOf("s3")),
            },
            new CustomResourceOptions { Parent = this });

        All = args.WithInterfaces ? [s3, .. CreateInterfaces(args)] : [s3];
        RegisterOutputs();
    }

    /// <summary>The endpoints that nodes call, with their security group rules; image layers come from S3.</summary>
    public ImmutableArray<Resource> All { get; }

    private ImmutableArray<Resource> CreateInterfaces(VpcEndpointsArgs args)
    {
        var scope = args.Scope;
        var group = new Aws.Ec2.SecurityGroup(
            "endpoints",
            new Aws.Ec2.SecurityGroupArgs
            {
                Name = scope.NameOf("endpoints"),
                Description = "HTTPS from the VPC to AWS services",
                VpcId = args.VpcId,
                Tags = scope.Tags.Named(scope.NameOf("endpoints")),
            },
            new CustomResourceOptions { Parent = this });
        var https = new Aws.Vpc.SecurityGroupIngressRule(
            "endpoints-https",
            new Aws.Vpc.SecurityGroupIngressRuleArgs
            {
                SecurityGroupId = group.Id,
                Description = "HTTPS from the VPC",
                CidrIpv4 = args.VpcCidr.ToString(),
                IpProtocol = "tcp",
                FromPort = Https,
                ToPort = Https,
                Tags = scope.Tags.Named(scope.NameOf("endpoints-https")),
            },
            new CustomResourceOptions { Parent = this });

        return [https, .. Services.Select(service => CreateInterface(service, group, args))];
    }

    private Aws.Ec2.VpcEndpoint CreateInterface(string service, Aws.Ec2.SecurityGroup group, VpcEndpointsArgs args)
    {
        var scope = args.Scope;
        var name = service.Replace('.', '-');
        return new Aws.Ec2.VpcEndpoint(
            name,
            new Aws.Ec2.VpcEndpointArgs
            {
                VpcId = args.VpcId,
                ServiceName = Output.Format($"{scope.Account.EndpointPrefix}.{scope.Account.Region}.{service}"),
                VpcEndpointType = "Interface",
                PrivateDnsEnabled = true,
                SubnetIds = args.SubnetIds,
                SecurityGroupIds = { group.Id },
                Policy = EndpointPolicies.Of(service, scope.Account),
                Tags = scope.Tags.Named(scope.NameOf(name)),
            },
            new CustomResourceOptions { Parent = this });
    }
}
