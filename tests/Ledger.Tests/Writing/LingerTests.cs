using HaCluster.Ledger.Writing;

namespace HaCluster.Ledger.Tests.Writing;

public sealed class LingerTests
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(200);

    [Fact]
    public void It_grows_while_records_come_until_its_end_and_shrinks_when_they_do_not()
    {
        var linger = new Linger(Shortest, Longest);
        Assert.Equal([20, 40, 80, 160, 200, 200], Adapted(linger, () => linger.Current * 0.9, 6));
        Assert.Equal([200, 100, 50, 25, 20, 20], Adapted(linger, () => linger.Current * 0.4, 6));
    }

    [Fact]
    public void A_producer_that_waits_for_each_answer_is_not_held_up()
    {
        var linger = new Linger(Shortest, Longest);
        Assert.All(Adapted(linger, () => TimeSpan.Zero, 10), wait => Assert.Equal(20, wait));
    }

    [Fact]
    public void A_wait_that_was_set_stays()
    {
        var linger = new Linger(Shortest, Shortest);
        Assert.All(Adapted(linger, () => linger.Current, 10), wait => Assert.Equal(20, wait));
    }

    private static List<double> Adapted(Linger linger, Func<TimeSpan> last, int rounds)
    {
        var waits = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            waits.Add(linger.Current.TotalMilliseconds);
            linger.Adapt(last());
        }

        return waits;
    }
}
