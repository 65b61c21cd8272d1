using HaCluster.Ledger.Tests.Writing;
using HaCluster.Ledger.Writing;

namespace HaCluster.Ledger.Tests.Killing;

/// <summary>What a power cut, or a disk that reorders writes, may leave of spool and archive together; then a new process over it.</summary>
public sealed class PowerCutTests : IDisposable
{
    private const int Records = 4;

    private readonly Ledgers _ledgers = new();

    private string SpoolFile => Path.Combine(_ledgers.Spool("one"), "payments.segment");

    public void Dispose() => _ledgers.Dispose();

    /// <summary>Folders are written back in any order: later segments may be there, and earlier ones not.</summary>
    [Fact]
    public async Task Whichever_segments_the_archive_has_all_are_there_after_a_start()
    {
        await StoreAsync();
        var whole = Segments().ToDictionary(file => file, File.ReadAllBytes);
        for (var subset = 0; subset < 1 << Records; subset++)
        {
            foreach (var (file, index) in whole.Keys.Order(StringComparer.Ordinal).Select((file, index) => (file, index)))
            {
                File.Delete(file);
                if ((subset & (1 << index)) != 0)
                    await File.WriteAllBytesAsync(file, whole[file]);
            }

            await using (await _ledgers.OpenAsync())
                Assert.Equal(Enumerable.Range(1, Records).Select(number => $"r-{number}"), await _ledgers.IdsAsync());
            Directory.Delete(Path.Combine(_ledgers.Folder, "checkpoints/payments"), recursive: true);
        }
    }

    /// <summary>The last segment was not acknowledged while it was not in the archive: it may be gone with what follows the tear, and nothing else may.</summary>
    [Fact]
    public async Task Wherever_the_spool_is_torn_a_start_goes_on_with_what_the_archive_has()
    {
        await StoreAsync();
        var spool = await File.ReadAllBytesAsync(SpoolFile);
        var last = Segments().Max(StringComparer.Ordinal)!;
        var content = await File.ReadAllBytesAsync(last);
        foreach (var isStored in new[] { true, false })
        {
            for (var length = 0; length <= spool.Length; length += length < spool.Length - content.Length - 60 ? 97 : 13)
            {
                Reset(isStored);
                await File.WriteAllBytesAsync(SpoolFile, spool[..length]);
                await using (var logs = await _ledgers.OpenAsync())
                    await StreamLogTests.StoreAsync(logs, [.. Ledgers.Records(Records, 1), .. Ledgers.Records(Records + 1, 1)]);
                Assert.Equal(Enumerable.Range(1, Records + 1).Select(number => $"r-{number}"), await _ledgers.IdsAsync());
                Assert.Null(Assert.Single(await _ledgers.VerifyAsync()).Finding);
            }
        }

        void Reset(bool isStored)
        {
            foreach (var file in Segments().Where(file => string.CompareOrdinal(file, last) >= 0))
                File.Delete(file);
            if (isStored)
                File.WriteAllBytes(last, content);
            if (Directory.Exists(Path.Combine(_ledgers.Folder, "checkpoints/payments")))
                Directory.Delete(Path.Combine(_ledgers.Folder, "checkpoints/payments"), recursive: true);
        }
    }

    /// <summary>An object of the archive is flushed before it has its name, so that only a broken disk does this. The archive is never written over.</summary>
    [Fact]
    public async Task A_torn_object_of_the_archive_stops_its_stream_is_named_and_stays_as_it_is()
    {
        await StoreAsync();
        var file = Segments().Max(StringComparer.Ordinal)!;
        var whole = await File.ReadAllBytesAsync(file);
        for (var length = 0; length < whole.Length; length += 19)
        {
            File.Delete(file);
            await File.WriteAllBytesAsync(file, whole[..length]);
            await using (var logs = await _ledgers.OpenAsync())
                Assert.Contains("00000000000000000004.ndjson: ", Assert.IsType<Outcome.Unavailable>(await logs.AppendAsync(Ledgers.Stream, Ledgers.Records(5, 1))).Reason, StringComparison.Ordinal);
            Assert.Equal(whole[..length], await File.ReadAllBytesAsync(file));
            Assert.NotNull(Assert.Single(await _ledgers.VerifyAsync()).Finding);
        }

        // The record is not lost: the spool still has it.
        File.Delete(file);
        await using (await _ledgers.OpenAsync())
            Assert.Equal(Enumerable.Range(1, Records).Select(number => $"r-{number}"), await _ledgers.IdsAsync());
    }

    private async Task StoreAsync()
    {
        await using (var logs = await _ledgers.OpenAsync())
        {
            for (var number = 1; number <= Records; number++)
                await StreamLogTests.StoreAsync(logs, Ledgers.Records(number, 1));
        }

        // As if the end had not been an orderly one.
        Directory.Delete(Path.Combine(_ledgers.Folder, "checkpoints/payments"), recursive: true);
    }

    private string[] Segments() => Directory.GetFiles(Path.Combine(_ledgers.Folder, "segments/payments"));
}
