using HaCluster.Planning.Capacity;

namespace HaCluster.Planning.Tests.Capacity;

public sealed class InstanceLimitsTests
{
    [Theory]
    // 32 of its own, one for the root volume.
    [InlineData("m7i.xlarge", 110, 31)]
    // 27 shared: one for the root volume; 8 prefixes fit into 9 places of the first interface.
    [InlineData("m6i.large", 110, 26)]
    // 5 places an interface: 8 prefixes need two.
    [InlineData("t3.medium", 110, 25)]
    public void Volumes_are_what_root_and_interfaces_leave(string type, int pods, int volumes) =>
        Assert.Equal(volumes, InstanceLimitsCatalog.Find(type)!.VolumesFor(pods));

    [Fact]
    public void Every_known_instance_type_has_its_limits()
    {
        using var reader = new StreamReader(typeof(InstanceTypeCatalog).Assembly.GetManifestResourceStream("instance-types.csv")!);
        var types = reader.ReadToEnd().Split('\n').Where(line => line.Contains(',') && !line.StartsWith('#') && !line.StartsWith("type,", StringComparison.Ordinal));
        Assert.All(types, line => Assert.NotNull(InstanceLimitsCatalog.Find(line.Split(',')[0])));
    }
}
