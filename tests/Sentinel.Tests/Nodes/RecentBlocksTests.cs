using HaCluster.Sentinel.Nodes;
using HaCluster.Sentinel.Tests.Decisions;

namespace HaCluster.Sentinel.Tests.Nodes;

public sealed class RecentBlocksTests
{
    private readonly RecentBlocks _recent = new();

    [Fact]
    public async Task The_last_sixteen_blocks_are_listed_newest_first()
    {
        Assert.Null(await FollowAsync(100, "a"));
        Assert.Equal(Enumerable.Range(0, 16).Select(back => 100L - back), _recent.Newest.Select(block => block.Height));

        Assert.Null(await FollowAsync(102, "a"));
        Assert.Equal(Enumerable.Range(0, 16).Select(back => 102L - back), _recent.Newest.Select(block => block.Height));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(20)]
    public async Task A_reorganisation_gives_up_the_blocks_above_the_fork(int depth)
    {
        for (var height = 60; height <= 100; height++)
            await FollowAsync(height, "a");

        Assert.Equal(depth, await FollowAsync(101, "b", forkAbove: 100 - depth));
        Assert.Equal(new BlockId(101, Moments.HashOf(101, "b")), _recent.Newest[0]);
        Assert.Null(await FollowAsync(102, "b", forkAbove: 100 - depth));
    }

    [Fact]
    public async Task A_shorter_chain_is_a_reorganisation_too()
    {
        for (var height = 60; height <= 100; height++)
            await FollowAsync(height, "a");

        Assert.Equal(5, await FollowAsync(98, "b", forkAbove: 95));
    }

    [Fact]
    public async Task A_node_that_goes_back_on_its_own_chain_gives_up_what_it_leaves()
    {
        for (var height = 90; height <= 100; height++)
            await FollowAsync(height, "a");

        Assert.Equal(2, await FollowAsync(98, "a"));
        Assert.Equal(98, _recent.Newest[0].Height);
    }

    [Fact]
    public async Task A_leap_of_thousands_of_blocks_is_catching_up()
    {
        await FollowAsync(100, "a");

        Assert.Null(await FollowAsync(50_000, "a"));
        Assert.Equal(16, _recent.Newest.Length);
    }

    /// <summary>A node that began with a snapshot does not have what came before.</summary>
    [Fact]
    public async Task Blocks_that_the_node_does_not_have_are_left_out()
    {
        await _recent.FollowAsync(new BlockId(100, HashAt(100, "a", 0)), HashAt(99, "a", 0), _ => Task.FromResult<(BlockId Id, string Parent)?>(null));

        Assert.Equal([100], _recent.Newest.Select(block => block.Height));
    }

    [Fact]
    public async Task The_first_blocks_of_a_chain_have_no_parents()
    {
        Assert.Null(await FollowAsync(0, "a"));
        Assert.Null(await FollowAsync(2, "a"));
        Assert.Equal([2, 1, 0], _recent.Newest.Select(block => block.Height));
    }

    private Task<int?> FollowAsync(long height, string fork, long forkAbove = 0)
    {
        return _recent.FollowAsync(new BlockId(height, HashAt(height, fork, forkAbove)), HashAt(height - 1, fork, forkAbove), hash =>
        {
            var parent = long.Parse(hash.AsSpan(4), System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);
            return Task.FromResult<(BlockId Id, string Parent)?>((new BlockId(parent, hash), HashAt(parent - 1, fork, forkAbove)));
        });
    }

    private static string HashAt(long at, string fork, long forkAbove) => at < 0 ? "" : Moments.HashOf(at, at > forkAbove ? fork : "a");
}
