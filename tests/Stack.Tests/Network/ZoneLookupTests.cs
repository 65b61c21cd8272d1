using HaCluster.Stack.Network;
using Pulumi;

namespace HaCluster.Stack.Tests.Network;

public class ZoneLookupTests
{
    [Fact]
    public void The_first_zones_by_name_are_chosen() =>
        Assert.Equal("r-1a r-1b", string.Join(' ', ZoneLookup.Choose(["r-1c", "r-1b", "r-1a"], "r-1", 2)));

    [Fact]
    public void A_region_with_fewer_zones_is_refused()
    {
        var refusal = Assert.Throws<RunException>(() => ZoneLookup.Choose(["us-west-1b", "us-west-1c"], "us-west-1", 3));

        Assert.Equal(
            "ha-cluster:zones is 3; us-west-1 has 2 zones that EKS can use (us-west-1b, us-west-1c): set 2 or choose another region", refusal.Message);
    }
}
