using HaCluster.Planning.Capacity;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Tests.Capacity;

public sealed class KubeletReservesTests
{
    // Computed by hand from nodeadm's ranges: 6 % of the first core, 1 % of the second, 0.5 % of two more, 0.25 % of the rest.
    [Theory]
    [InlineData(1, 60)]
    [InlineData(2, 70)]
    [InlineData(4, 80)]
    [InlineData(8, 90)]
    [InlineData(96, 310)]
    public void Cores_are_reserved_by_ranges(int cpus, int millis) => Assert.Equal(millis, KubeletReserves.OfNodeadm(cpus, 29).Kubelet.MilliCpu);

    [Fact]
    public void Memory_is_reserved_by_pods() => Assert.Equal((255 + (11 * 58)) * 1024L * 1024, KubeletReserves.OfNodeadm(4, 58).Kubelet.MemoryBytes);

    [Fact]
    public void Nothing_is_left_of_a_node_that_is_too_small() =>
        Assert.Equal(Resources.None, KubeletReserves.OfNodeadm(1, 4).AllocatableOf(new Resources(50, 1024, 1024)));
}
