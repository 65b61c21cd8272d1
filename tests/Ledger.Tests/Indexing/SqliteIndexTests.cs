using HaCluster.Ledger.Indexing;
using HaCluster.Ledger.Indexing.Sqlite;

namespace HaCluster.Ledger.Tests.Indexing;

public sealed class SqliteIndexTests : IndexSuite, IDisposable
{
    private readonly Scratch _scratch = new();

    public override Task InitializeAsync() => Task.CompletedTask;

    public override Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_file_of_something_else_is_refused_and_left_as_it_is()
    {
        File.WriteAllText(_scratch.At("notes.txt"), new string('n', 10_000));
        Assert.Contains("is not an index of the ledger", Assert.Throws<FormatException>(() => SqliteIndex.Open(_scratch.At("notes.txt"))).Message, StringComparison.Ordinal);
        Assert.Equal(new string('n', 10_000), File.ReadAllText(_scratch.At("notes.txt")));

        using (var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_scratch.At("other.db")};Pooling=False"))
        {
            other.Open();
            SqliteTables.Run(other, "CREATE TABLE t (c)");
        }

        Assert.Contains("is a database of another program", Assert.Throws<FormatException>(() => SqliteIndex.Open(_scratch.At("other.db"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_index_of_a_later_version_is_refused()
    {
        await (await OpenAsync()).DisposeAsync();
        using (var later = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={File_};Pooling=False"))
        {
            later.Open();
            SqliteTables.Run(later, "PRAGMA user_version = 99");
        }

        Assert.Contains("of another version of the ledger (99", Assert.Throws<FormatException>(() => SqliteIndex.Open(File_)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_rebuilds_at_once_the_second_is_refused()
    {
        await using var index = await OpenAsync();
        await using var other = await OpenAsync();
        await using var build = await index.RebuildAsync("payments", default);
        var refused = await Assert.ThrowsAsync<IndexUnavailableException>(() => other.RebuildAsync("payments", default));
        Assert.Contains("another process is rebuilding", refused.Message, StringComparison.Ordinal);
    }

    private string File_ => _scratch.At("index.db");

    private protected override Task<IIndex> OpenAsync() => Task.FromResult<IIndex>(SqliteIndex.Open(File_));
}
