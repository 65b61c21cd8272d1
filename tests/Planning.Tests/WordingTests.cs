namespace HaCluster.Planning.Tests;

public sealed class WordingTests
{
    [Theory]
    [InlineData(0, "at once", "0 s")]
    [InlineData(0.9, "at once", "under 1 s")]
    [InlineData(59.4, "59 s", "59 s")]
    [InlineData(59.6, "1 min", "1 min")]
    [InlineData(372, "6 min 12 s", "6 min 12 s")]
    [InlineData(3599.7, "1 h", "1 h")]
    [InlineData(7530, "2 h 5 min", "2 h 5 min")]
    [InlineData(86_399, "23 h 59 min", "23 h 59 min")]
    [InlineData(172_800, "2 d", "2 d")]
    [InlineData(273_600, "3 d 4 h", "3 d 4 h")]
    public void Times_are_said_in_one_way(double seconds, string over, string takes) =>
        Assert.Equal((over, takes), (Wording.Time(TimeSpan.FromSeconds(seconds)), Wording.Duration(TimeSpan.FromSeconds(seconds))));
}
