using HaCluster.Sentinel.Decisions;
using HaCluster.Sentinel.Tests.Peers;
using HaCluster.Sentinel.Watching;

namespace HaCluster.Sentinel.Tests.Decisions;

public sealed class ProgressTrackerTests
{
    private readonly ShiftedClock _clock = new();

    [Fact]
    public void A_node_that_stops_at_the_head_comes_no_closer()
    {
        var tracker = Tracked((100, 100), (101, 101), (101, 105), (101, 110));

        Assert.Equal((1L, 0L), (tracker.RoseSince, tracker.LagLost));
    }

    [Fact]
    public void A_node_that_is_slower_than_the_others_comes_no_closer()
    {
        var tracker = Tracked((100, 100), (101, 104), (102, 108), (103, 112));

        Assert.Equal((3L, 0L), (tracker.RoseSince, tracker.LagLost));
    }

    [Fact]
    public void A_node_that_is_faster_comes_closer_and_one_that_then_stops_does_not_once_it_is_as_far_behind_as_before()
    {
        Assert.Equal(40, Tracked((100, 200), (150, 210)).LagLost);
        Assert.Equal(0, Tracked((100, 200), (150, 210), (150, 250)).LagLost);
    }

    [Fact]
    public void What_was_more_than_ten_minutes_ago_does_not_count()
    {
        var samples = new[] { (100L, 200L), (150L, 210L) }.Concat(Enumerable.Repeat((150L, 210L), 61)).ToArray();

        Assert.Equal((0L, 0L), (Tracked(samples).RoseSince, Tracked(samples).LagLost));
    }

    /// <summary>A note every ten seconds.</summary>
    private Progress Tracked(params (long Height, long Reference)[] notes)
    {
        var tracker = new ProgressTracker(_clock);
        foreach (var (height, reference) in notes)
        {
            tracker.Note(height, reference);
            _clock.Advance(TimeSpan.FromSeconds(10));
        }

        return tracker.Now();
    }
}
