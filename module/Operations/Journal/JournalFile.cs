namespace HaCluster.Operations.Journal;

/// <summary>
/// The journal of one operation, open for writing. An entry is on disk when <see cref="Append"/> returns; when it throws, the entry is not there, not even
/// a part of it.
/// </summary>
internal sealed class JournalFile : IDisposable
{
    private readonly IDurableFile file;
    private readonly List<JournalEntry> entries;
    private readonly Lock writing = new();
    private long length;

    private JournalFile(string path, IDurableFile file, IEnumerable<JournalEntry> entries, long length) =>
        (Path, this.file, this.entries, this.length) = (path, file, [.. entries], length);

    public string Path { get; }

    /// <summary>Called after each entry that is on disk.</summary>
    public event Action? Appended;

    /// <summary>Opens a journal, or begins one with <paramref name="entries"/>, and cuts off what a crash left of a last line.</summary>
    /// <param name="entries">Taken instead of what the file has, such as from the newer record in the cluster; null: what it has.</param>
    public static JournalFile Open(string path, IReadOnlyList<JournalEntry>? entries, Func<string, IDurableFile> open)
    {
        IDurableFile? file = null;
        try
        {
            file = open(path);
            var present = JournalFormat.Read(DurableFile.Read(path), path, out var complete);
            var journal = new JournalFile(path, file, entries is null ? present : [], entries is null ? complete : 0);
            file.Truncate(journal.length);
            foreach (var entry in entries ?? [])
                journal.Append(entry);
            return journal;
        }
        catch (Exception e)
        {
            file?.Dispose();
            throw e is IOException or UnauthorizedAccessException ? JournalFailure.NotWritten(path, e) : e;
        }
    }

    /// <exception cref="HaClusterException">The disk is full, or cannot be written for another reason.</exception>
    public void Append(JournalEntry entry)
    {
        var line = JournalFormat.Write(entry);
        lock (writing)
        {
            try
            {
                file.Write(line, length);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                DropRemains();
                throw JournalFailure.NotWritten(Path, e);
            }
            length += line.Length;
            entries.Add(entry);
        }
        Appended?.Invoke();
    }

    public IReadOnlyList<JournalEntry> Snapshot()
    {
        lock (writing)
            return [.. entries];
    }

    public void Dispose() => file.Dispose();

    private void DropRemains()
    {
        try
        {
            file.Truncate(length);
        }
        catch (IOException)
        {
            // What remains has no line feed, and the next reader drops it.
        }
    }
}
