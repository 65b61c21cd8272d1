using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using HaCluster.Stack.Settings.Network;

namespace HaCluster.Stack.Tests.Network;

public class CidrPlanProperties
{
    [Property(MaxTest = 500)]
    public Property Every_block_lies_in_the_vpc_and_none_overlaps_another() => Prop.ForAll(Plans(), plan =>
    {
        var blocks = plan.Public.Concat(plan.Private).Concat(plan.Data).Concat(plan.Endpoints).ToArray();

        Assert.Equal(4 * plan.Zones, blocks.Length);
        Assert.All(blocks, block => Assert.True(plan.Vpc.Contains(block)));
        for (var i = 0; i < blocks.Length; i++)
        {
            for (var j = 0; j < i; j++)
                Assert.False(blocks[i].Overlaps(blocks[j]), $"{blocks[i]} overlaps {blocks[j]}");
        }
    });

    [Property]
    public Property Tiers_are_the_same_size_in_every_zone_and_pods_have_most_room() => Prop.ForAll(Plans(), plan =>
    {
        Assert.Single(plan.Private.Select(block => block.Prefix).Distinct());
        Assert.Single(plan.Public.Concat(plan.Data).Select(block => block.Prefix).Distinct());
        Assert.True(plan.Private[0].Prefix <= CidrPlan.SmallestPrivatePrefix);
        Assert.True(plan.Private[0].Size >= 8 * plan.Public[0].Size);

        // AWS takes subnets of /16 to /28, and a load balancer wants 8 free addresses besides the 5 that AWS keeps.
        Assert.InRange(plan.Public[0].Prefix, 16, 27);

        // 11 services, the interfaces of EKS, and the 5 addresses that AWS keeps.
        Assert.Single(plan.Endpoints.Select(block => block.Prefix).Distinct());
        Assert.True(plan.Endpoints[0].Size >= 32);
    });

    [Property]
    public Property A_third_zone_moves_no_subnet_of_the_first_two() => Prop.ForAll(Vpcs(3), vpc =>
        CidrPlan.For(vpc, 3).Private.Take(2).SequenceEqual(CidrPlan.For(vpc, 2).Private)
        && CidrPlan.For(vpc, 3).Public.Take(2).SequenceEqual(CidrPlan.For(vpc, 2).Public)
        && CidrPlan.For(vpc, 3).Data.Take(2).SequenceEqual(CidrPlan.For(vpc, 2).Data)
        && CidrPlan.For(vpc, 3).Endpoints.Take(2).SequenceEqual(CidrPlan.For(vpc, 2).Endpoints));

    [Property]
    public Property A_block_reads_back_as_it_was_written() => Prop.ForAll(Vpcs(6), vpc => Ipv4Cidr.Parse(vpc.ToString()) == vpc);

    [Fact]
    public void The_plan_of_the_default_vpc_is_what_it_always_was()
    {
        var plan = CidrPlan.For(Ipv4Cidr.Parse("10.0.0.0/16"), 3);

        Assert.Equal("10.0.0.0/18 10.0.64.0/18 10.0.128.0/18", string.Join(' ', plan.Private));
        Assert.Equal("10.0.192.0/21 10.0.200.0/21 10.0.208.0/21", string.Join(' ', plan.Public));
        Assert.Equal("10.0.224.0/21 10.0.232.0/21 10.0.240.0/21", string.Join(' ', plan.Data));
        Assert.Equal("10.0.216.0/22 10.0.220.0/22 10.0.248.0/22", string.Join(' ', plan.Endpoints));
    }

    [Theory]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0/16")]
    [InlineData("10.0.0.0")]
    [InlineData("10.0.0.0/16/2")]
    [InlineData("010.0.0.0/16")]
    [InlineData("10.0.0.0/+16")]
    [InlineData("::/16")]
    [InlineData("")]
    public void What_is_not_a_CIDR_block_is_refused(string text) => Assert.False(Ipv4Cidr.TryParse(text, out _, out _));

    private static Arbitrary<CidrPlan> Plans() =>
        (from zones in Gen.Choose(1, CidrPlan.MaxZones)
         from vpc in Vpcs(zones).Generator
         select CidrPlan.For(vpc, zones)).ToArbitrary();

    private static Arbitrary<Ipv4Cidr> Vpcs(int zones) =>
        (from prefix in Gen.Choose(16, CidrPlan.LongestVpcPrefix(zones))
         from index in Gen.Choose(0, 255)
         select Ipv4Cidr.Parse("10.0.0.0/8").Subnet(prefix, index)).ToArbitrary();
}
