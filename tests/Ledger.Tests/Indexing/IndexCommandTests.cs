using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Arguments;
using HaCluster.Ledger.Indexing;
using HaCluster.Ledger.Indexing.Sqlite;
using HaCluster.Ledger.Tests.Writing;

namespace HaCluster.Ledger.Tests.Indexing;

/// <summary><c>ledger index rebuild</c> and <c>replay</c>.</summary>
public sealed class IndexCommandTests : IDisposable
{
    private readonly Ledgers _ledgers = new();

    public void Dispose() => _ledgers.Dispose();

    [Fact]
    public async Task A_rebuild_indexes_every_stream_and_says_how_far_it_is()
    {
        await StoreAsync(60);
        var (code, text) = await RunAsync("rebuild", _ledgers.Folder, "--index", File_);
        Assert.Equal(CommandLine.Done, code);
        Assert.Matches(@"payments: indexed 60 records in [0-9.]+ s, [0-9]+ per second, up to record 60", text);
        await using var index = SqliteIndex.Open(File_);
        Assert.Equal(60, (await index.SearchAsync(new RecordQuery(Ledgers.Stream), default)).Records.Count);
        Assert.Equal(60, await index.PositionAsync(Ledgers.Stream, default));
        Assert.Single((await index.SearchAsync(new RecordQuery("other"), default)).Records);
    }

    [Fact]
    public async Task A_rebuild_goes_on_with_what_the_service_adds_meanwhile()
    {
        await StoreAsync(20);
        await using var service = SqliteIndex.Open(File_);
        await using var indexer = new Indexer(service, _ledgers.Archive, new IndexWatcher(), new IndexerOptions { LookEvery = TimeSpan.FromMilliseconds(1), LookAtMost = TimeSpan.FromMilliseconds(1) }, TimeProvider.System);
        indexer.Start();
        await using (var logs = await _ledgers.OpenAsync())
        {
            var writing = Task.Run(async () =>
            {
                for (var first = 21; first <= 200; first += 2)
                    await logs.AppendAsync(Ledgers.Stream, Ledgers.Records(first, 2));
            });
            for (var number = 0; number < 5; number++)
                Assert.Equal(CommandLine.Done, (await RunAsync("rebuild", _ledgers.Folder, "--index", File_, "--stream", Ledgers.Stream)).Code);
            await writing;
        }

        await Waiting.UntilAsync("everything is indexed", async () => await service.PositionAsync(Ledgers.Stream, default) == 200);
        Assert.Equal(Enumerable.Range(1, 200).Select(number => (long)number), (await service.SearchAsync(new RecordQuery(Ledgers.Stream) { Limit = 1000 }, default)).Records.Select(record => record.Sequence).Order());
    }

    [Fact]
    public async Task An_archive_that_was_changed_leaves_the_index_as_it_is()
    {
        await StoreAsync(20);
        await RunAsync("rebuild", _ledgers.Folder, "--index", File_);
        var file = Path.Combine(_ledgers.Folder, ArchiveNames.Segment(Ledgers.Stream, 11));
        var right = await File.ReadAllTextAsync(file);
        File.Delete(file);
        await File.WriteAllTextAsync(file, right.Replace("\"n\":12", "\"n\":13", StringComparison.Ordinal));
        var (code, text) = await RunAsync("rebuild", _ledgers.Folder, "--index", File_);
        Assert.Equal(CommandLine.Unusable, code);
        Assert.Contains("run `ledger verify` for details. The index was left as it is", text, StringComparison.Ordinal);
        File.Delete(file);
        Directory.EnumerateFiles(Path.GetDirectoryName(file)!).Where(name => string.CompareOrdinal(name, file) > 0).ToList().ForEach(File.Delete);
        (code, text) = await RunAsync("rebuild", _ledgers.Folder, "--index", File_);
        Assert.Equal(CommandLine.Unusable, code);
        Assert.Contains("the index of payments has 20 records and the archive 10", text, StringComparison.Ordinal);
        await using var index = SqliteIndex.Open(File_);
        Assert.Equal(20, (await index.SearchAsync(new RecordQuery(Ledgers.Stream), default)).Records.Count);
    }

    [Fact]
    public async Task Dead_letters_are_replayed_from_the_command_line()
    {
        await StoreAsync(20);
        await using var server = await LoopbackOpenSearch.StartAsync();
        server.Fault = (name, document) => !name.Contains("dead", StringComparison.Ordinal) && document["sequence"]?.GetValue<long>() is 4 or 15 ? (400, "mapper_parsing_exception") : null;
        var address = server.Address.ToString();
        Assert.Contains("; 2 were refused and are dead letters", (await RunAsync("rebuild", _ledgers.Folder, "--index", address, "--stream", Ledgers.Stream)).Text, StringComparison.Ordinal);
        server.Fault = (name, document) => !name.Contains("dead", StringComparison.Ordinal) && document["sequence"]?.GetValue<long>() is 15 ? (400, "mapper_parsing_exception") : null;
        Assert.Equal((CommandLine.Broken, "payments: 1 dead letters were indexed, 1 were refused again\n"), await RunAsync("replay", _ledgers.Folder, "--index", address, "--stream", Ledgers.Stream));
        server.Fault = (_, _) => null;
        Assert.Equal((CommandLine.Done, "payments: 1 dead letters were indexed, 0 were refused again\n"), await RunAsync("replay", _ledgers.Folder, "--index", address, "--stream", Ledgers.Stream));
        Assert.Equal(20, server.Documents("ledger.payments.*").Count);
    }

    [Theory]
    [InlineData("has no stream nothing; it has other, payments", "--stream", "nothing")]
    [InlineData("--index is 'ftp://x'; write a file", "--index", "ftp://x")]
    [InlineData("--index is 'https://x/path'; write a file", "--index", "https://x/path")]
    [InlineData("records would be sent without TLS", "--index", "http://example.com")]
    [InlineData("--index-region is for OpenSearch", "--index-region", "eu-central-1")]
    public async Task Wrong_arguments_are_refused_with_what_to_do(string message, params string[] arguments)
    {
        await StoreAsync(1);
        string[] index = arguments.Contains("--index") ? [] : ["--index", File_];
        var (code, text) = await RunAsync(["rebuild", _ledgers.Folder, .. index, .. arguments]);
        Assert.Equal(CommandLine.Unusable, code);
        Assert.Contains(message, text, StringComparison.Ordinal);
    }

    private string File_ => _ledgers.At("index.db");

    private async Task StoreAsync(int count)
    {
        await using var logs = await _ledgers.OpenAsync();
        for (var first = 1; first <= count; first += 5)
            await logs.AppendAsync(Ledgers.Stream, Ledgers.Records(first, Math.Min(5, count)));
        await logs.AppendAsync("other", [Ledgers.Record("o-1", stream: "other")]);
    }

    private static async Task<(int Code, string Text)> RunAsync(params string[] arguments)
    {
        using var text = new StringWriter();
        return (await CommandLine.RunAsync(["index", .. arguments], text, text), text.ToString());
    }
}
