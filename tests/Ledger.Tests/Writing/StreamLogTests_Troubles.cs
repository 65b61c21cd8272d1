using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Proof;
using HaCluster.Ledger.Writing;
using HaCluster.Services;

namespace HaCluster.Ledger.Tests.Writing;

/// <summary>Where nothing can be stored.</summary>
public sealed partial class StreamLogTests
{
    [Fact]
    public async Task Nothing_is_added_to_a_broken_stream_and_others_go_on()
    {
        await using (var logs = await _ledgers.OpenAsync())
        {
            await StoreAsync(logs, Ledgers.Records(1, 2));
            await StoreAsync(logs, Ledgers.Records(3, 2));
        }

        File.Delete(Path.Combine(_ledgers.Folder, ArchiveNames.Segment(Ledgers.Stream, 3)));
        await using var later = await _ledgers.OpenAsync();
        for (var request = 0; request < 3; request++)
            Assert.Contains("is broken: ", Assert.IsType<Outcome.Unavailable>(await later.AppendAsync(Ledgers.Stream, Ledgers.Records(5, 1))).Reason, StringComparison.Ordinal);
        // Told once, not with each request.
        Assert.Single(_ledgers.Observer.Events, one => one.StartsWith("broken", StringComparison.Ordinal));
        Assert.IsType<Outcome.Stored>(await later.AppendAsync("audit", [Ledgers.Record("a", stream: "audit")]));
    }

    [Fact]
    public async Task A_full_disk_is_told_once_and_nothing_is_half_stored_until_there_is_room()
    {
        var disk = new FullDisk();
        await using var logs = await _ledgers.OpenAsync(faults: disk);
        await StoreAsync(logs, Ledgers.Records(1, 1));
        foreach (var point in new[] { FaultPoint.SpoolTorn, FaultPoint.SpoolWritten, FaultPoint.SpoolTorn })
        {
            disk.FullAt = point;
            Assert.Contains("No space left", Assert.IsType<Outcome.Unavailable>(await logs.AppendAsync(Ledgers.Stream, Ledgers.Records(2, 2))).Reason, StringComparison.Ordinal);
            Assert.Equal(["r-1"], await _ledgers.IdsAsync());
        }

        disk.FullAt = null;
        Assert.Equal([2L, 3], (await StoreAsync(logs, Ledgers.Records(2, 2))).Sequences.ToList());
        Assert.Equal(["spool away", "spool back"], _ledgers.Observer.Events.Where(one => one.StartsWith("spool", StringComparison.Ordinal)));
        await logs.DisposeAsync();
        Assert.Null(Assert.Single(await _ledgers.VerifyAsync()).Finding);
    }

    [Fact]
    public async Task A_spool_that_cannot_be_opened_is_told_once_and_tried_again()
    {
        var spool = Path.Combine(_ledgers.Spool("one"), "payments.segment");
        await using var logs = await _ledgers.OpenAsync();
        Directory.CreateDirectory(spool);
        for (var request = 0; request < 3; request++)
            Assert.Contains("the spool cannot be opened", Assert.IsType<Outcome.Unavailable>(await logs.AppendAsync(Ledgers.Stream, Ledgers.Records(1, 1))).Reason, StringComparison.Ordinal);
        Directory.Delete(spool);
        await StoreAsync(logs, Ledgers.Records(1, 1));
        Assert.Equal(["spool away", "spool back"], _ledgers.Observer.Events.Where(one => one.StartsWith("spool", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_key_that_does_not_answer_is_asked_again_and_a_wrong_one_ends_the_start()
    {
        using var signer = new LateSigner(_ledgers.Signer) { Failures = 2 };
        await using var logs = new StreamLogs(new LogContext(_ledgers.Archive, signer, _ledgers.Options, _ledgers.Clock, _ledgers.Observer, NoFaults.Instance, "one"), _ledgers.Spool("one"));
        var opening = logs.OpenAsync(default);
        await opening;
        await StoreAsync(logs, Ledgers.Records(1, 1));
        Assert.Equal((3, 1), (signer.Opened, _ledgers.Observer.Events.Count(one => one == "away")));

        using var wrong = new LateSigner(_ledgers.Signer) { Failures = 1, IsPassing = false };
        await using var others = new StreamLogs(new LogContext(_ledgers.Archive, wrong, _ledgers.Options, _ledgers.Clock, _ledgers.Observer, NoFaults.Instance, "two"), _ledgers.Spool("two"));
        await Assert.ThrowsAsync<SigningException>(() => others.OpenAsync(default));
    }

    private sealed class FullDisk : IFaultPoints
    {
        public string? FullAt { get; set; }

        public void Reach(string point)
        {
            if (point == FullAt)
                throw new IOException("No space left on device");
        }
    }
}
