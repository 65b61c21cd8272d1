using System.Collections.Immutable;
using HaCluster.Stack.Naming;
using HaCluster.Stack.Settings.Network;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Network;

/// <summary>Input of <see cref="ClusterNetwork"/>.</summary>
public sealed record ClusterNetworkArgs
{
    public required StackScope Scope { get; init; }

    public required NetworkSettings Settings { get; init; }

    public required NatMode Nat { get; init; }

    /// <summary>Names of the zones, as many as the address plan covers.</summary>
    public required ImmutableArray<string> ZoneNames { get; init; }

    public required string FlowLogGroup { get; init; }

    public required Input<string> LogKeyArn { get; init; }
}

/// <summary>The VPC with public, private, data and endpoint subnets in each zone, its egress, its endpoints and its flow logs.</summary>
public sealed class ClusterNetwork : ComponentResource
{
    public const string TypeToken = "ha-cluster:network:Network";

    public ClusterNetwork(string name, ClusterNetworkArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var scope = args.Scope;
        var plan = args.Settings.Plan;
        Plan = plan;

        var vpc = new Aws.Ec2.Vpc(
            name,
            new Aws.Ec2.VpcArgs
            {
                CidrBlock = plan.Vpc.ToString(),
                EnableDnsSupport = true,
                EnableDnsHostnames = true,
                EnableNetworkAddressUsageMetrics = true,
                Tags = scope.Tags.Named(scope.ClusterName),
            },
            new CustomResourceOptions { Parent = this });
        VpcId = vpc.Id;

        // Nothing may rely on the group that AWS makes: adopted and left without rules.
        _ = new Aws.Ec2.DefaultSecurityGroup(
            "default-closed",
            new Aws.Ec2.DefaultSecurityGroupArgs { VpcId = vpc.Id, Tags = scope.Tags.Named(scope.NameOf("default-closed")) },
            new CustomResourceOptions { Parent = this });

        var internet = new Aws.Ec2.InternetGateway(
            name,
            new Aws.Ec2.InternetGatewayArgs { VpcId = vpc.Id, Tags = scope.Tags.Named(scope.ClusterName) },
            new CustomResourceOptions { Parent = this });

        Zones = CreateZones(args, vpc, internet);
        var endpoints = CreateEndpoints(args);
        AwsRoutes = [.. Zones.SelectMany(zone => zone.EgressRoutes), .. endpoints.All];
        _ = new FlowLogs(
            "flow-logs",
            new FlowLogsArgs
            {
                Scope = scope,
                VpcId = vpc.Id,
                LogGroup = args.FlowLogGroup,
                KeyArn = args.LogKeyArn,
                RetentionDays = args.Settings.FlowLogRetentionDays,
            },
            new ComponentResourceOptions { Parent = this });

        RegisterOutputs(new Dictionary<string, object?>
        {
            ["vpcId"] = VpcId,
            ["zones"] = ZoneNames,
            ["publicSubnetIds"] = PublicSubnetIds,
            ["privateSubnetIds"] = PrivateSubnetIds,
            ["dataSubnetIds"] = DataSubnetIds,
        });
    }

    public CidrPlan Plan { get; }

    public Output<string> VpcId { get; }

    /// <summary>One entry per zone, in the order of the zones' names when the cluster was made.</summary>
    public ImmutableArray<ZoneNetwork> Zones { get; }

    /// <summary>What a node must find in place to join the cluster, and must not lose before it is gone.</summary>
    public ImmutableArray<Resource> AwsRoutes { get; }

    public Output<ImmutableArray<string>> ZoneNames => Output.All(Zones.Select(zone => zone.Name));

    public Output<ImmutableArray<string>> PublicSubnetIds => Output.All(Zones.Select(zone => zone.PublicSubnetId));

    public Output<ImmutableArray<string>> PrivateSubnetIds => Output.All(Zones.Select(zone => zone.PrivateSubnetId));

    public Output<ImmutableArray<string>> DataSubnetIds => Output.All(Zones.Select(zone => zone.DataSubnetId));

    /// <summary>Where the Kubernetes API and AWS services have their addresses.</summary>
    public Output<ImmutableArray<string>> EndpointSubnetIds => Output.All(Zones.Select(zone => zone.EndpointSubnetId));

    private ImmutableArray<ZoneNetwork> CreateZones(ClusterNetworkArgs args, Aws.Ec2.Vpc vpc, Aws.Ec2.InternetGateway internet)
    {
        var zones = ImmutableArray.CreateBuilder<ZoneNetwork>();
        for (var i = 0; i < args.Settings.Plan.Zones; i++)
        {
            zones.Add(new ZoneNetwork(
                $"zone-{i + 1}",
                new ZoneNetworkArgs
                {
                    Scope = args.Scope,
                    Ordinal = i + 1,
                    Zone = args.ZoneNames[i],
                    Vpc = vpc,
                    Internet = internet,
                    Public = args.Settings.Plan.Public[i],
                    Private = args.Settings.Plan.Private[i],
                    Data = args.Settings.Plan.Data[i],
                    Endpoints = args.Settings.Plan.Endpoints[i],
                    SharedNatGatewayId = args.Nat == NatMode.Single && i > 0 ? zones[0].NatGatewayId : null,
                },
                new ComponentResourceOptions { Parent = this }));
        }

        return zones.ToImmutable();
    }

    private VpcEndpoints CreateEndpoints(ClusterNetworkArgs args) => new(
        "endpoints",
        new VpcEndpointsArgs
        {
            Scope = args.Scope,
            VpcId = VpcId,
            VpcCidr = args.Settings.Plan.Vpc,
            SubnetIds = EndpointSubnetIds,
            RouteTableIds = [.. Zones.SelectMany(zone => zone.RouteTableIds)],
            WithInterfaces = args.Settings.InterfaceEndpoints,
        },
        new ComponentResourceOptions { Parent = this });
}
