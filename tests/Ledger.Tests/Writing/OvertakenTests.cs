using HaCluster.Ledger.Writing;

namespace HaCluster.Ledger.Tests.Writing;

/// <summary>Another instance has taken the place of a segment.</summary>
public sealed class OvertakenTests : IDisposable
{
    private readonly Ledgers _ledgers = new();

    public void Dispose() => _ledgers.Dispose();

    [Fact]
    public async Task What_is_overtaken_is_stored_behind_the_other_and_all_before_it_is_still_known()
    {
        var plain = _ledgers.Archive;
        var (archive, gate) = (new FaultyArchive(plain), new TaskCompletionSource());
        _ledgers.Archive = archive;
        await using var one = await _ledgers.OpenAsync("one");
        await StreamLogTests.StoreAsync(one, [Ledgers.Record("a", sequence: 1)]);
        var begun = archive.Begun;
        archive.Gate = gate.Task;
        var overtaken = one.AppendAsync(Ledgers.Stream, [Ledgers.Record("b", sequence: 2), Ledgers.Record("c", sequence: 3)]);
        await Waiting.UntilAsync("it is on its way", () => archive.Begun > begun);
        _ledgers.Archive = plain;
        await using (var two = await _ledgers.OpenAsync("two"))
            await StreamLogTests.StoreAsync(two, [Ledgers.Record("other")]);
        gate.SetResult();
        // Their numbers are free: it was not they that were stored.
        Assert.Equal([3L, 4], Assert.IsType<Outcome.Stored>(await overtaken).Sequences.ToList());
        Assert.Contains("overtaken", _ledgers.Observer.Events);
        Assert.Equal([1L], (await StreamLogTests.StoreAsync(one, [Ledgers.Record("a", sequence: 1)])).Sequences.ToList());
        Assert.Equal(["a", "other", "b", "c"], await _ledgers.IdsAsync());
    }

    [Fact]
    public async Task What_a_killed_process_had_not_stored_is_stored_behind_what_the_archive_has_now()
    {
        var plain = _ledgers.Archive;
        var archive = new FaultyArchive(plain);
        _ledgers.Archive = archive;
        await using (var one = await _ledgers.OpenAsync("one"))
        {
            await StreamLogTests.StoreAsync(one, Ledgers.Records(1, 1));
            archive.IsAway = true;
            Assert.IsType<Outcome.Unavailable>(await one.AppendAsync(Ledgers.Stream, Ledgers.Records(2, 1)));
        }

        // As long as the one before, and another one: it does not name the hash of its end.
        Directory.Move(_ledgers.Folder, _ledgers.At("elsewhere"));
        _ledgers.Archive = plain;
        await using (var two = await _ledgers.OpenAsync("two"))
            await StreamLogTests.StoreAsync(two, [Ledgers.Record("other")]);
        await using (await _ledgers.OpenAsync("one"))
            Assert.Equal(["other", "r-2"], await _ledgers.IdsAsync());
        Assert.Null(Assert.Single(await _ledgers.VerifyAsync()).Finding);
    }
}
