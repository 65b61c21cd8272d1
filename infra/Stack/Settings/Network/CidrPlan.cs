using System.Collections.Immutable;
using System.Numerics;

namespace HaCluster.Stack.Settings.Network;

/// <summary>
/// Divides the VPC among zones and tiers. The VPC is cut into equal slots, one per zone for the private tier (pods use addresses there, by
/// blocks of 16, so it is by far the largest) and the last one for the other tiers of all zones: public, data, and what these two leave over
/// for endpoints.
/// </summary>
/// <remarks>
/// Two and three zones share one layout, and so do four to six: going from two zones to three moves no subnet.
/// </remarks>
public sealed class CidrPlan
{
    /// <summary>Smallest private subnet: 1,024 addresses, room for 60 prefixes of 16.</summary>
    public const int SmallestPrivatePrefix = 22;

    /// <summary>Most zones a plan can hold, which is more than any region's default zones.</summary>
    public const int MaxZones = 6;

    private const int FewZonesSlots = 4;
    private const int ManyZonesSlots = 8;
    private const int MostOfFewZones = 3;

    private CidrPlan(Ipv4Cidr vpc, int zones)
    {
        var slots = SlotsFor(zones);
        var slotPrefix = vpc.Prefix + BitOperations.Log2((uint)slots);
        var shared = vpc.Subnet(slotPrefix, slots - 1);
        var smallPrefix = slotPrefix + BitOperations.Log2((uint)slots) + 1;

        Vpc = vpc;
        Private = [.. Enumerable.Range(0, zones).Select(zone => vpc.Subnet(slotPrefix, zone))];
        Public = [.. Enumerable.Range(0, zones).Select(zone => shared.Subnet(smallPrefix, zone))];
        Data = [.. Enumerable.Range(0, zones).Select(zone => shared.Subnet(smallPrefix, slots + zone))];

        // The blocks behind the last zone of each tier are free for any number of zones; halves of them are enough for all.
        var free = Enumerable.Range(slots == FewZonesSlots ? MostOfFewZones : MaxZones, slots).Where(block => block < slots)
            .SelectMany(block => new[] { block, slots + block });
        Endpoints = [.. free.SelectMany(block => new[] { 2 * block, 2 * block + 1 }).Select(half => shared.Subnet(smallPrefix + 1, half)).Take(zones)];
    }

    public Ipv4Cidr Vpc { get; }

    /// <summary>Load balancers and NAT gateways, one block per zone.</summary>
    public ImmutableArray<Ipv4Cidr> Public { get; }

    /// <summary>Nodes and pods, one block per zone.</summary>
    public ImmutableArray<Ipv4Cidr> Private { get; }

    /// <summary>Databases, one block per zone.</summary>
    public ImmutableArray<Ipv4Cidr> Data { get; }

    /// <summary>
    /// Interfaces of the Kubernetes API and of AWS services, one block per zone, and nothing else: a network policy that opens these blocks
    /// opens no pod. The smallest has 32 addresses, for 11 services and the few interfaces of EKS.
    /// </summary>
    public ImmutableArray<Ipv4Cidr> Endpoints { get; }

    /// <summary>Number of zones the plan covers.</summary>
    public int Zones => Private.Length;

    /// <summary>Longest VPC prefix (smallest VPC) that still gives every zone a large enough private subnet.</summary>
    public static int LongestVpcPrefix(int zones) => SmallestPrivatePrefix - BitOperations.Log2((uint)SlotsFor(zones));

    /// <summary>Plans <paramref name="zones"/> zones in <paramref name="vpc"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The VPC is too small or the number of zones is not supported.</exception>
    public static CidrPlan For(Ipv4Cidr vpc, int zones)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(zones, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(zones, MaxZones);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(vpc.Prefix, LongestVpcPrefix(zones));
        return new CidrPlan(vpc, zones);
    }

    private static int SlotsFor(int zones) => zones <= MostOfFewZones ? FewZonesSlots : ManyZonesSlots;
}
