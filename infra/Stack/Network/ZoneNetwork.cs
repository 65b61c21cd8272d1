using System.Collections.Immutable;
using HaCluster.Stack.Naming;
using HaCluster.Stack.Settings.Network;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Network;

/// <summary>Input of <see cref="ZoneNetwork"/>.</summary>
public sealed record ZoneNetworkArgs
{
    public required StackScope Scope { get; init; }

    /// <summary>1 for the first zone. Names are made of it and not of the zone's own, so that they are the same in every region.</summary>
    public required int Ordinal { get; init; }

    public required string Zone { get; init; }

    public required Aws.Ec2.Vpc Vpc { get; init; }

    public required Aws.Ec2.InternetGateway Internet { get; init; }

    public required Ipv4Cidr Public { get; init; }

    public required Ipv4Cidr Private { get; init; }

    public required Ipv4Cidr Data { get; init; }

    public required Ipv4Cidr Endpoints { get; init; }

    /// <summary>A NAT gateway of another zone to use; null makes one here.</summary>
    public required Output<string>? SharedNatGatewayId { get; init; }
}

/// <summary>The part of the network in one zone: subnets, egress, route tables. With its own NAT gateway it depends on no other zone.</summary>
public sealed class ZoneNetwork : ComponentResource
{
    public const string TypeToken = "ha-cluster:network:Zone";

    private const string Anywhere = "0.0.0.0/0";

    private readonly ZoneNetworkArgs _args;

    public ZoneNetwork(string name, ZoneNetworkArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _args = args;

        // Load balancer controllers and Karpenter find subnets by these tags.
        var publicSubnet = CreateSubnet("public", args.Public, ("kubernetes.io/role/elb", "1"));
        var privateSubnet = CreateSubnet(
            "private", args.Private, ("kubernetes.io/role/internal-elb", "1"), ("karpenter.sh/discovery", args.Scope.ClusterName));
        var dataSubnet = CreateSubnet("data", args.Data);
        var endpointSubnet = CreateSubnet("endpoints", args.Endpoints);

        var (publicRoutes, publicLink) = CreateRouteTable("public", publicSubnet);
        var toInternet = new Aws.Ec2.Route(
            $"public-{args.Ordinal}",
            new Aws.Ec2.RouteArgs { RouteTableId = publicRoutes.Id, DestinationCidrBlock = Anywhere, GatewayId = args.Internet.Id },
            new CustomResourceOptions { Parent = this });

        NatGatewayId = args.SharedNatGatewayId ?? CreateNatGateway(publicSubnet);
        var (privateRoutes, privateLink) = CreateRouteTable("private", privateSubnet);
        var toNat = new Aws.Ec2.Route(
            $"private-{args.Ordinal}",
            new Aws.Ec2.RouteArgs { RouteTableId = privateRoutes.Id, DestinationCidrBlock = Anywhere, NatGatewayId = NatGatewayId },
            new CustomResourceOptions { Parent = this });

        // Databases and endpoints have no route to or from the internet: the table has only the routes that AWS adds, the VPC and the S3 endpoint.
        var (dataRoutes, _) = CreateRouteTable("data", dataSubnet);
        var (endpointRoutes, _) = CreateRouteTable("endpoints", endpointSubnet);

        Name = privateSubnet.AvailabilityZone;
        PublicSubnetId = publicSubnet.Id;
        PrivateSubnetId = privateSubnet.Id;
        DataSubnetId = dataSubnet.Id;
        EndpointSubnetId = endpointSubnet.Id;
        RouteTableIds = [publicRoutes.Id, privateRoutes.Id, dataRoutes.Id, endpointRoutes.Id];
        EgressRoutes = [privateLink, toNat, publicLink, toInternet];
        RegisterOutputs(new Dictionary<string, object?> { ["zone"] = Name, ["natGatewayId"] = NatGatewayId });
    }

    /// <summary>The zone that the subnets are in.</summary>
    public Output<string> Name { get; }

    public Output<string> PublicSubnetId { get; }

    public Output<string> PrivateSubnetId { get; }

    public Output<string> DataSubnetId { get; }

    public Output<string> EndpointSubnetId { get; }

    public Output<string> NatGatewayId { get; }

    /// <summary>Every step by which nodes reach the internet: their own routes and those of the NAT gateway.</summary>
    public ImmutableArray<Resource> EgressRoutes { get; }

    public ImmutableArray<Output<string>> RouteTableIds { get; }

    private Aws.Ec2.Subnet CreateSubnet(string tier, Ipv4Cidr cidr, params ReadOnlySpan<(string Key, string Value)> tags)
    {
        var name = $"{tier}-{_args.Ordinal}";
        return new Aws.Ec2.Subnet(
            name,
            new Aws.Ec2.SubnetArgs
            {
                VpcId = _args.Vpc.Id,
                CidrBlock = cidr.ToString(),
                AvailabilityZone = _args.Zone,
                MapPublicIpOnLaunch = false,
                Tags = _args.Scope.Tags.Named(_args.Scope.NameOf(name), tags),
            },
            new CustomResourceOptions
            {
                Parent = this,

                // A new zone in the region changes the order that the lookup answers in; a subnet with nodes in it stays where it is.
                IgnoreChanges = { "availabilityZone" },
            });
    }

    private (Aws.Ec2.RouteTable Table, Resource Link) CreateRouteTable(string tier, Aws.Ec2.Subnet subnet)
    {
        var name = $"{tier}-{_args.Ordinal}";
        var table = new Aws.Ec2.RouteTable(
            name,
            new Aws.Ec2.RouteTableArgs { VpcId = _args.Vpc.Id, Tags = _args.Scope.Tags.Named(_args.Scope.NameOf(name)) },
            new CustomResourceOptions { Parent = this });
        var link = new Aws.Ec2.RouteTableAssociation(
            name,
            new Aws.Ec2.RouteTableAssociationArgs { RouteTableId = table.Id, SubnetId = subnet.Id },
            new CustomResourceOptions { Parent = this });
        return (table, link);
    }

    private Output<string> CreateNatGateway(Aws.Ec2.Subnet subnet)
    {
        var name = $"nat-{_args.Ordinal}";
        var tags = _args.Scope.Tags.Named(_args.Scope.NameOf(name));
        var address = new Aws.Ec2.Eip(
            name, new Aws.Ec2.EipArgs { Domain = "vpc", Tags = tags }, new CustomResourceOptions { Parent = this, DependsOn = { _args.Internet } });
        var gateway = new Aws.Ec2.NatGateway(
            name,
            new Aws.Ec2.NatGatewayArgs { AllocationId = address.Id, SubnetId = subnet.Id, Tags = tags },
            new CustomResourceOptions { Parent = this, DependsOn = { _args.Internet } });
        return gateway.Id;
    }
}
