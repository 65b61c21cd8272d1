namespace HaCluster.Operations.Tests.Running;

public sealed class AdviceTests
{
    [Theory]
    [InlineData(0, "Add one first")]
    [InlineData(2, "Available: 1, 2")]
    [InlineData(21, "Available: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 and 1 more")]
    public void What_exists_is_listed_up_to_twenty(int count, string advice) =>
        Assert.Equal(advice, Advice.Available(Enumerable.Range(1, count).Select(number => $"{number}"), "Add one first"));
}
