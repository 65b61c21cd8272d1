using HaCluster.Ledger.Proof;
using HaCluster.Ledger.Writing;
using HaCluster.Services;

namespace HaCluster.Ledger.Tests.Writing;

/// <summary>What is known of a stream.</summary>
public sealed class StreamStateTests : IDisposable
{
    private readonly Ledgers _ledgers = new();

    public void Dispose() => _ledgers.Dispose();

    [Fact]
    public async Task The_oldest_record_of_the_window_is_recognised_though_its_object_begins_before_it()
    {
        _ledgers.Options = _ledgers.Options with { Window = 5 };
        await using (var logs = await _ledgers.OpenAsync())
        {
            for (var first = 1; first <= 9; first += 2)
                await StreamLogTests.StoreAsync(logs, Ledgers.Records(first, 2));
        }

        await using var later = await _ledgers.OpenAsync();
        Assert.Equal([6L], (await StreamLogTests.StoreAsync(later, Ledgers.Records(6, 1))).Sequences.ToList());
        // The window moves on, and takes no more memory.
        Assert.Equal([11L], (await StreamLogTests.StoreAsync(later, Ledgers.Records(11, 1))).Sequences.ToList());
        Assert.Equal([12L], (await StreamLogTests.StoreAsync(later, Ledgers.Records(6, 1))).Sequences.ToList());
    }

    [Fact]
    public async Task What_no_checkpoint_covers_is_as_old_as_its_first_record()
    {
        var clock = new SetClock(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero));
        _ledgers.Clock = clock;
        await using var logs = await _ledgers.OpenAsync();
        foreach (var record in new[] { 1, 2 })
        {
            await StreamLogTests.StoreAsync(logs, Ledgers.Records(record, 1));
            Assert.Equal(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero), logs.Opened.Single().View.UncoveredSince);
            clock.Now += TimeSpan.FromMinutes(5);
        }
    }

    [Fact]
    public async Task A_signature_that_failed_is_asked_for_again_later_and_not_with_each_record()
    {
        using var signer = new NoSigner(_ledgers.Signer);
        var options = _ledgers.Options with { CheckpointRecords = 1 };
        await using (var logs = new StreamLogs(new LogContext(_ledgers.Archive, signer, options, _ledgers.Clock, _ledgers.Observer, NoFaults.Instance, "one"), _ledgers.Spool("one")))
        {
            await logs.OpenAsync(default);
            for (var number = 1; number <= 4; number++)
                await StreamLogTests.StoreAsync(logs, Ledgers.Records(number, 1));
        }

        // With the first one, and at the end.
        Assert.Equal(2, _ledgers.Observer.Events.Count(one => one.StartsWith("checkpoint failed", StringComparison.Ordinal)));
    }

    private sealed class NoSigner(ISigner signer) : ISigner
    {
        public PublicKey PublicKey => signer.PublicKey;

        public Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<byte[]> SignAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken) => throw new SigningException("the key does not answer", isPassing: true);

        public void Dispose()
        {
        }
    }
}
