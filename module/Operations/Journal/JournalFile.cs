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
    /// <param name="entries">
    /// Taken instead of what the file has, such as from the newer record in the cluster; null: what it has. At no time does the file have fewer of them than
    /// it had: a process can be killed while it opens a journal as well.
    /// </param>
    public static JournalFile Open(string path, IReadOnlyList<JournalEntry>? entries, Func<string, IDurableFile> open)
    {
        IDurableFile? file = null;
        try
        {
            file = open(path);
            var bytes = DurableFile.Read(path);
            var present = JournalFormat.Read(bytes, path, out var complete);
            var journal = new JournalFile(path, file, present, complete);
            file.Truncate(complete);
            if (entries is not null)
                journal.Become(entries, bytes.AsSpan(0, complete));
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

    /// <param name="present">The lines that the file has.</param>
    private void Become(IReadOnlyList<JournalEntry> wanted, ReadOnlySpan<byte> present)
    {
        byte[] lines = [.. wanted.SelectMany(JournalFormat.Write)];
        if (lines.AsSpan().StartsWith(present))
        {
            foreach (var entry in wanted.Skip(entries.Count))
                Append(entry);
            return;
        }
        file.Replace(lines);
        length = lines.Length;
        entries.Clear();
        entries.AddRange(wanted);
    }

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
