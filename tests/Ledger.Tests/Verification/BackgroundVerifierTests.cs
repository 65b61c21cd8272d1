using System.Collections.Concurrent;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Tests.Serving;
using HaCluster.Ledger.Tests.Writing;
using HaCluster.Ledger.Verification;

namespace HaCluster.Ledger.Tests.Verification;

public sealed class BackgroundVerifierTests : IDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly SetClock _clock = new(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero));
    private readonly Ledgers _ledgers;
    private readonly Found _found = new();

    public BackgroundVerifierTests() => _ledgers = new Ledgers { Clock = _clock, Options = new() { Linger = TimeSpan.Zero, CheckpointRecords = 2 } };

    public void Dispose() => _ledgers.Dispose();

    [Fact]
    public async Task Each_stream_is_verified_when_it_is_due_and_a_restart_goes_on_from_there()
    {
        await StoreAsync(1, 6);
        var verifier = Open();
        Assert.Equal(Day, await verifier.VerifyDueAsync(default));
        Assert.Equal(["payments 6"], _found.Events);

        _clock.Now += Day / 4;
        verifier = Open();
        Assert.Equal(Day * 3 / 4, await verifier.VerifyDueAsync(default));
        Assert.Equal(["payments 6"], _found.Events);

        await StoreAsync(7, 3);
        _clock.Now += Day;
        using var counting = new CountingArchive(new FolderArchive(_ledgers.Folder));
        await Open(counting).VerifyDueAsync(default);
        Assert.Equal(["payments 6", "payments 9"], _found.Events);
        // What is new, and at most ten older parts of two.
        Assert.Equal([7L, 8, 9], counting.Read.Distinct().Where(first => first > 6).Order());
        Assert.InRange(counting.Read.Count, 3, 3 + 20);
    }

    [Fact]
    public async Task A_breach_in_what_is_new_is_named_each_time()
    {
        await StoreAsync(1, 6);
        var verifier = Open();
        await verifier.VerifyDueAsync(default);
        await StoreAsync(7, 4);
        Edit(8);
        for (var round = 0; round < 2; round++)
        {
            _clock.Now += Day;
            await verifier.VerifyDueAsync(default);
        }

        Assert.Equal(["payments 6", "Edit 8", "Edit 8"], _found.Events);
    }

    [Fact]
    public async Task A_breach_in_what_was_verified_before_is_found_in_the_end()
    {
        await StoreAsync(1, 20);
        var verifier = Open();
        await verifier.VerifyDueAsync(default);
        Edit(5);
        for (var round = 0; round < 200 && !_found.Events.Contains("Edit 5"); round++)
        {
            _clock.Now += Day;
            await verifier.VerifyDueAsync(default);
        }

        Assert.Contains("Edit 5", _found.Events);
        Assert.All(_found.Events, one => Assert.True(one is "payments 20" or "Edit 5", one));
    }

    [Fact]
    public async Task Another_archive_or_a_file_that_cannot_be_read_is_verified_from_the_beginning()
    {
        await StoreAsync(1, 6);
        await Open().VerifyDueAsync(default);
        await File.WriteAllTextAsync(_ledgers.At("verified.json"), "{");
        using (var counting = new CountingArchive(new FolderArchive(_ledgers.Folder)))
        {
            await Open(counting).VerifyDueAsync(default);
            Assert.Equal([1L, 2, 3, 4, 5, 6], counting.Read);
        }

        Directory.Move(_ledgers.Folder, _ledgers.At("elsewhere"));
        using (var counting = new CountingArchive(new FolderArchive(_ledgers.At("elsewhere"))))
        {
            await Open(counting).VerifyDueAsync(default);
            Assert.Equal([1L, 2, 3, 4, 5, 6], counting.Read);
        }
    }

    [Fact]
    public async Task The_service_verifies_itself_and_says_so_in_its_metrics_and_its_log()
    {
        await using var service = await TestService.StartAsync(change: options => options with { VerifyEvery = TimeSpan.FromMilliseconds(50), Log = options.Log with { CheckpointRecords = 2 } });
        await service.PostAsync("""{"stream":"payments","id":"a","data":{}}""");
        await service.PostAsync("""{"stream":"payments","id":"b","data":{}}""");
        await service.PostAsync("""{"stream":"payments","id":"c","data":{}}""");
        await Waiting.UntilAsync("the stream is verified", async () => (await MetricsAsync()).Contains("ledger_verified_records{stream=\"payments\"} 3\n", StringComparison.Ordinal), () => service.Log);
        var metrics = await MetricsAsync();
        Assert.Contains("ledger_verify_failed{stream=\"payments\"} 0\n", metrics, StringComparison.Ordinal);
        Assert.Matches("ledger_verified_timestamp_seconds\\{stream=\"payments\"\\} 1[0-9]{9}\n", metrics);
        // The third record is not covered, and gets older.
        await Waiting.UntilAsync("its age is seen", async () => (await MetricsAsync()).Split('\n').Single(line => line.StartsWith("ledger_checkpoint_age_seconds{stream=\"payments\"} ", StringComparison.Ordinal)).Split(' ')[1] != "0");
        await service.PostAsync("""{"stream":"payments","id":"d","data":{}}""");
        await Waiting.UntilAsync("a checkpoint covers it", async () => (await MetricsAsync()).Contains("ledger_checkpoint_age_seconds{stream=\"payments\"} 0\n", StringComparison.Ordinal));

        var file = Path.Combine(service.Folder, ArchiveNames.Segment("payments", 2));
        var text = await File.ReadAllTextAsync(file);
        // At once: a look in between would find it missing.
        await File.WriteAllTextAsync($"{service.Folder}.edited", text.Replace("\"b\"", "\"x\"", StringComparison.Ordinal));
        File.Move($"{service.Folder}.edited", file, overwrite: true);
        await Waiting.UntilAsync("the edit is found", async () => (await MetricsAsync()).Contains("ledger_verify_failed{stream=\"payments\"} 1\n", StringComparison.Ordinal), () => service.Log);
        await Waiting.UntilAsync("it is told", () => service.Log.Contains("\"event\":\"verify-failed\",\"stream\":\"payments\",\"message\":\"edit at record 2 in segments/payments/00000000000000000002.ndjson: ", StringComparison.Ordinal), () => service.Log);

        Task<string> MetricsAsync() => service.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
    }

    private BackgroundVerifier Open(IArchive? archive = null) => new(archive ?? _ledgers.Archive, _ledgers.At("verified.json"), Day, null, _found, _clock);

    private async Task StoreAsync(int first, int count)
    {
        await using var logs = await _ledgers.OpenAsync();
        for (var number = first; number < first + count; number++)
            await StreamLogTests.StoreAsync(logs, Ledgers.Records(number, 1));
    }

    private void Edit(int record)
    {
        var file = Path.Combine(_ledgers.Folder, ArchiveNames.Segment(Ledgers.Stream, record));
        var text = File.ReadAllText(file);
        File.Delete(file);
        File.WriteAllText(file, text.Replace($"{{\"n\":{record}}}", "{\"n\":0}", StringComparison.Ordinal));
    }

    private sealed class Found : IVerificationObserver
    {
        public ConcurrentQueue<string> Events { get; } = new();

        public void Verified(string stream, long records, DateTimeOffset at) => Events.Enqueue($"{stream} {records}");

        public void BreachFound(Finding finding, DateTimeOffset at) => Events.Enqueue($"{finding.Breach} {finding.Sequence}");

        public void VerificationInterrupted(string reason) => Events.Enqueue(reason);
    }

    private sealed class CountingArchive(IArchive archive) : IArchive
    {
        /// <summary>First records of the segments that were read.</summary>
        public ConcurrentQueue<long> Read { get; } = new();

        public string Address => archive.Address;

        public Task<bool> TryPutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => archive.TryPutAsync(name, content, cancellationToken);

        public Task<byte[]?> ReadAsync(string name, CancellationToken cancellationToken)
        {
            if (name.StartsWith("segments/", StringComparison.Ordinal))
                Read.Enqueue(ArchiveNames.NumberOf(name)!.Value);
            return archive.ReadAsync(name, cancellationToken);
        }

        public IAsyncEnumerable<string> ListAsync(string folder, string after, CancellationToken cancellationToken) => archive.ListAsync(folder, after, cancellationToken);

        public Task<IReadOnlyList<string>> FoldersAsync(string folder, CancellationToken cancellationToken) => archive.FoldersAsync(folder, cancellationToken);

        public void Dispose() => archive.Dispose();
    }
}
