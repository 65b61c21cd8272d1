using System.Collections.Immutable;

namespace HaCluster.Stack.Settings.Network;

/// <summary>Addresses and endpoints (<c>ha-cluster:vpcCidr</c>, <c>ha-cluster:network</c>).</summary>
public sealed record NetworkSettings
{
    private const string DefaultVpc = "10.0.0.0/16";

    // Apart from the VPC's default and from 172.17.0.0/16, which container engines on laptops use.
    private const string DefaultServices = "172.20.0.0/16";

    // https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
    private const int ShortestVpcPrefix = 16;

    // https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html
    private const int ShortestServicePrefix = 12;
    private const int LongestServicePrefix = 24;

    private static readonly ImmutableArray<Ipv4Cidr> ServiceSpace =
        [Ipv4Cidr.Parse("10.0.0.0/8"), Ipv4Cidr.Parse("172.16.0.0/12"), Ipv4Cidr.Parse("192.168.0.0/16")];

    public required CidrPlan Plan { get; init; }

    /// <summary>Cluster addresses of Kubernetes services.</summary>
    public required Ipv4Cidr ServiceCidr { get; init; }

    /// <summary>Whether AWS services are reached through endpoints inside the VPC, which work without any NAT gateway.</summary>
    public required bool InterfaceEndpoints { get; init; }

    /// <summary>Days that VPC flow logs are kept.</summary>
    public required int FlowLogRetentionDays { get; init; }

    /// <summary>Reads the settings and makes the address plan.</summary>
    /// <param name="addressesPerZone">Addresses that nodes and pods of one zone can take at most.</param>
    public static NetworkSettings Read(SettingsReader root, int zones, long addressesPerZone)
    {
        var reader = root.Object("network", "Addresses and endpoints.");
        var vpc = root.Cidr(
            "vpcCidr",
            "Address block of the VPC, /16 to /20. It cannot be changed later, and must not overlap any network that you will ever connect to the VPC.",
            DefaultVpc);
        var services = reader.Cidr("serviceCidr", "Addresses of Kubernetes Services, /12 to /24. It cannot be changed later.", DefaultServices);
        var reserved = reader.CidrList(
            "reservedCidrs",
            "Your other networks, which the VPC must not overlap: offices, peered VPCs, VPNs.",
            "192.168.0.0/16");
        var settings = new NetworkSettings
        {
            Plan = ReadPlan(root, vpc, zones, addressesPerZone),
            ServiceCidr = services,
            InterfaceEndpoints = reader.Boolean(
                "interfaceEndpoints",
                "Whether nodes and pods reach AWS services inside the VPC, without NAT gateways. It costs about 8 USD per month for each of 11 services in each zone.",
                true),
            FlowLogRetentionDays = LogRetention.Read(reader, "flowLogRetentionDays", "Days that CloudWatch keeps the flow logs of the VPC.", 30),
        };
        CheckServices(reader, services);
        CheckOverlaps(root, reader, vpc, services, reserved);
        reader.Close();
        return settings;
    }

    private static CidrPlan ReadPlan(SettingsReader root, Ipv4Cidr vpc, int zones, long addressesPerZone)
    {
        var path = root.PathOf("vpcCidr");
        var fallback = CidrPlan.For(Ipv4Cidr.Parse(DefaultVpc), zones);
        if (!vpc.IsPrivate)
        {
            root.Problems.Add(path, vpc, "it is not private: choose a block inside 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10");
            return fallback;
        }

        if (vpc.Prefix < ShortestVpcPrefix)
        {
            root.Problems.Add(path, vpc, $"a VPC is a /{ShortestVpcPrefix} at most: write {vpc.Subnet(ShortestVpcPrefix, 0)}");
            return fallback;
        }

        var longest = CidrPlan.LongestVpcPrefix(zones);
        if (vpc.Prefix > longest)
        {
            root.Problems.Add(
                path,
                vpc,
                $"{zones} zones with public, private and data subnets and room for pods need a /{longest} or larger (/{ShortestVpcPrefix} recommended)");
            return fallback;
        }

        var plan = CidrPlan.For(vpc, zones);
        var room = plan.Private[0].Size;
        if (room < addressesPerZone)
        {
            root.Problems.Add(
                path,
                vpc,
                $"a private subnet has {room} addresses, and with one zone lost the largest node pools need {addressesPerZone} in each other zone: "
                + "choose a larger block or lower the max of the node pools");
        }

        return plan;
    }

    private static void CheckServices(SettingsReader reader, Ipv4Cidr services)
    {
        if (!ServiceSpace.Any(space => space.Contains(services)) || services.Prefix is < ShortestServicePrefix or > LongestServicePrefix)
        {
            reader.Problems.Add(
                reader.PathOf("serviceCidr"),
                services,
                $"EKS allows a /{ShortestServicePrefix} to /{LongestServicePrefix} inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16: choose such a block");
        }
    }

    private static void CheckOverlaps(
        SettingsReader root, SettingsReader reader, Ipv4Cidr vpc, Ipv4Cidr services, ImmutableArray<Ipv4Cidr> reserved)
    {
        if (services.Overlaps(vpc))
            reader.Problems.Add(reader.PathOf("serviceCidr"), services, $"it overlaps {root.PathOf("vpcCidr")} {vpc}: choose blocks that do not overlap");

        for (var i = 0; i < reserved.Length; i++)
        {
            var path = $"{reader.PathOf("reservedCidrs")}[{i}]";
            var network = reserved[i];
            if (network.Overlaps(vpc))
                Overlap($"{root.PathOf("vpcCidr")} {vpc}", "the two networks could never be connected: choose another block for the VPC");
            if (network.Overlaps(services))
                Overlap($"{reader.PathOf("serviceCidr")} {services}", "pods could not reach that network: choose another block for services");

            void Overlap(string ours, string consequence) =>
                reader.Problems.Add(path, network, $"{ours} overlaps this network, and {consequence}");
        }
    }
}

/// <summary>How private subnets reach the internet (<c>ha-cluster:nat</c>).</summary>
public enum NatMode
{
    /// <summary>One NAT gateway in every zone: the loss of a zone leaves the others connected.</summary>
    PerZone,

    /// <summary>One NAT gateway for all zones: cheaper, but the loss of its zone cuts all zones off from the internet.</summary>
    Single,
}
