using HaCluster.Payments.Transfers;

namespace HaCluster.Payments.Tests.Transfers;

public sealed class TransferMachineTests
{
    private static readonly TransferState[] States = Enum.GetValues<TransferState>();
    private static readonly TransferEvent[] Happenings = Enum.GetValues<TransferEvent>();

    [Theory]
    [InlineData("Created Approve Approved")]
    [InlineData("Created Cancel Cancelled")]
    [InlineData("Created Refuse Failed")]
    [InlineData("Approved Sign Signed")]
    [InlineData("Approved Cancel Cancelled")]
    [InlineData("Signed Broadcast Broadcast")]
    [InlineData("Signed Confirm Confirmed")]
    [InlineData("Broadcast See Seen")]
    [InlineData("Seen Confirm Confirmed")]
    [InlineData("Confirmed Orphan Orphaned")]
    [InlineData("Orphaned See Seen")]
    [InlineData("Confirmed Finalize Final")]
    [InlineData("Confirmed Revert Failed")]
    [InlineData("Orphaned Replace Replaced")]
    public void A_transfer_goes_on_as_the_table_says(string row)
    {
        var words = row.Split(' ');
        Assert.Equal(Enum.Parse<TransferState>(words[2]), TransferMachine.Next(Enum.Parse<TransferState>(words[0]), Enum.Parse<TransferEvent>(words[1])));
    }

    [Fact]
    public void What_may_be_anywhere_is_never_called_off_by_a_word()
    {
        // Every state that can be reached once bytes exist.
        var reached = ReachedFrom(TransferState.Signed);
        Assert.DoesNotContain(TransferState.Cancelled, reached);
        Assert.DoesNotContain(TransferState.Approved, reached);
        Assert.DoesNotContain(TransferState.Created, reached);
        Assert.All(reached, state => Assert.Null(TransferMachine.Next(state, TransferEvent.Cancel)));
        // A second signature of the first kind could pay a second time.
        Assert.All(reached, state => Assert.Null(TransferMachine.Next(state, TransferEvent.Sign)));
    }

    [Fact]
    public void An_end_is_an_end_and_every_other_state_can_reach_one()
    {
        Assert.Equal([TransferState.Final, TransferState.Failed, TransferState.Replaced, TransferState.Cancelled], TransferMachine.Ends.Order());
        Assert.All(States, start => Assert.Contains(ReachedFrom(start), TransferMachine.Ends.Contains));
    }

    [Fact]
    public void Only_a_block_pays()
    {
        var ways = States.SelectMany(state => Happenings.Select(happened => (state, happened))).Where(way => TransferMachine.Next(way.state, way.happened) == TransferState.Final);
        Assert.Equal([(TransferState.Confirmed, TransferEvent.Finalize)], ways);
    }

    private static HashSet<TransferState> ReachedFrom(TransferState start)
    {
        var reached = new HashSet<TransferState> { start };
        for (var before = 0; before < reached.Count;)
        {
            before = reached.Count;
            reached.UnionWith([.. reached.SelectMany(state => Happenings.Select(happened => TransferMachine.Next(state, happened))).OfType<TransferState>()]);
        }

        return reached;
    }
}
