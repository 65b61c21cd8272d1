using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Writing;

namespace HaCluster.Ledger.Tests.Writing;

/// <summary>An archive that said that it had stored an object, and does not have it.</summary>
public sealed class LostObjectTests : IDisposable
{
    private readonly Ledgers _ledgers = new();

    public void Dispose() => _ledgers.Dispose();

    [Fact]
    public async Task What_was_lost_is_put_back_before_a_checkpoint_covers_it()
    {
        await using (var logs = await _ledgers.OpenAsync())
        {
            for (var number = 1; number <= 5; number++)
                await StreamLogTests.StoreAsync(logs, Ledgers.Records(number, 1));
            Lose(2, 4, 5);
            await Assert.ThrowsAnyAsync<Exception>(() => _ledgers.IdsAsync());
        }

        Assert.Equal(["restored 2", "restored 4", "restored 5"], _ledgers.Observer.Events.Where(one => one.StartsWith("restored", StringComparison.Ordinal)));
        await AssertWholeAsync(5);
    }

    [Fact]
    public async Task What_was_lost_while_the_process_was_down_is_put_back_at_its_start()
    {
        await using (var logs = await _ledgers.OpenAsync())
        {
            for (var number = 1; number <= 5; number++)
                await StreamLogTests.StoreAsync(logs, Ledgers.Records(number, 1));
        }

        File.Delete(Path.Combine(_ledgers.Folder, ArchiveNames.Checkpoint(Ledgers.Stream, 5)));
        Lose(1, 2, 5);
        await using (var later = await _ledgers.OpenAsync())
            Assert.Equal([3L, 6], (await StreamLogTests.StoreAsync(later, [.. Ledgers.Records(3, 1), .. Ledgers.Records(6, 1)])).Sequences.ToList());
        await AssertWholeAsync(6);
    }

    [Fact]
    public async Task Without_the_spool_the_stream_is_broken_and_no_checkpoint_is_signed_over_the_hole()
    {
        _ledgers.Options = _ledgers.Options with { CheckpointRecords = 1000 };
        await using (var one = await _ledgers.OpenAsync("one"))
        {
            await StreamLogTests.StoreAsync(one, Ledgers.Records(1, 1));
            await StreamLogTests.StoreAsync(one, Ledgers.Records(2, 1));
            await using (var two = await _ledgers.OpenAsync("two"))
            {
                await StreamLogTests.StoreAsync(two, Ledgers.Records(3, 1));
                Lose(2);
            }

            // The second instance has not written what is missing, and does not sign.
            Assert.Contains(_ledgers.Observer.Events, one => one.StartsWith("checkpoint failed", StringComparison.Ordinal) && one.Contains("has lost segments/payments/00000000000000000002.ndjson", StringComparison.Ordinal));
            Assert.DoesNotContain(_ledgers.Observer.Events, one => one.StartsWith("restored", StringComparison.Ordinal));
            await using (var three = await _ledgers.OpenAsync("three"))
                Assert.Contains("is broken", Assert.IsType<Outcome.Unavailable>(await three.AppendAsync(Ledgers.Stream, Ledgers.Records(4, 1))).Reason, StringComparison.Ordinal);
        }

        // The first one has, and signs what it knows of.
        Assert.Contains("restored 2", _ledgers.Observer.Events);
        await AssertWholeAsync(3, signed: 2);
    }

    [Fact]
    public async Task Into_another_archive_nothing_is_put()
    {
        // A round of the spool that does not begin with the first record.
        _ledgers.Options = _ledgers.Options with { CheckpointRecords = 2 };
        await using (var logs = await _ledgers.OpenAsync())
        {
            for (var number = 1; number <= 4; number++)
            {
                await StreamLogTests.StoreAsync(logs, Ledgers.Records(number, 1));
                await Waiting.UntilAsync("the checkpoint is signed", () => number % 2 == 1 || logs.Opened.Single().View.Checkpoint?.Checkpoint.Size == number);
            }
        }

        Directory.Move(_ledgers.Folder, _ledgers.At("elsewhere"));
        await using var later = await _ledgers.OpenAsync();
        Assert.Contains(_ledgers.Observer.Events, one => one.StartsWith("broken the archive has 0 records of payments, and this process had stored 3 of them", StringComparison.Ordinal));
        Assert.Empty(Directory.GetFiles(Path.Combine(_ledgers.Folder), "*.ndjson", SearchOption.AllDirectories));
    }

    private void Lose(params long[] firsts)
    {
        foreach (var first in firsts)
            File.Delete(Path.Combine(_ledgers.Folder, ArchiveNames.Segment(Ledgers.Stream, first)));
    }

    private async Task AssertWholeAsync(int records, int? signed = null)
    {
        Assert.Equal(Enumerable.Range(1, records).Select(number => $"r-{number}"), await _ledgers.IdsAsync());
        var report = Assert.Single(await _ledgers.VerifyAsync());
        Assert.Equal((null, (long)records, (long)(signed ?? records)), (report.Finding, report.Size, report.Signed));
    }
}
