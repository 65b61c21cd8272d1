namespace HaCluster.Operations.Journal;

/// <summary>
/// The journals of this user: <c>$XDG_DATA_HOME/ha-cluster/operations/ID/journal.jsonl</c> (<c>~/.local/share/...</c> where the variable is not set,
/// <c>%LOCALAPPDATA%</c> on Windows).
/// </summary>
internal sealed class JournalFolder(string path, Func<string, IDurableFile> open)
{
    private const int RememberedOperations = 50;

    public JournalFolder()
        : this(DefaultPath, DurableFile.Open)
    {
    }

    public static string DefaultPath => System.IO.Path.Combine(DataHome, "ha-cluster", "operations");

    public string Path => path;

    private static string DataHome => Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } set && System.IO.Path.IsPathRooted(set)
        ? set
        : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);

    public string FolderOf(string id) => System.IO.Path.Combine(path, id);

    public bool Has(string id) => File.Exists(FileOf(id));

    /// <summary>Whether a process of this machine works on it.</summary>
    public bool IsOpen(string id) => DurableFile.IsOpen(FileOf(id));

    public JournalFile Open(string id, IReadOnlyList<JournalEntry>? entries = null) => JournalFile.Open(FileOf(id), entries, open);

    public IReadOnlyList<JournalEntry> Read(string id) => JournalFormat.Read(DurableFile.Read(FileOf(id)), FileOf(id), out _);

    /// <summary>The newest first: an id begins with its time.</summary>
    public IReadOnlyList<string> Ids() => Directory.Exists(path)
        ? [.. Directory.EnumerateDirectories(path).Select(folder => System.IO.Path.GetFileName(folder)!).Where(Has).OrderDescending(StringComparer.Ordinal)]
        : [];

    /// <summary>Asks the process of this machine that works on it to stop.</summary>
    public void RequestStop(string id) => File.WriteAllText(StopFile(id), "");

    public bool IsStopRequested(string id) => File.Exists(StopFile(id));

    public void ForgetStop(string id) => File.Delete(StopFile(id));

    /// <summary>How long each kind of step took in earlier operations: the median of those that are remembered.</summary>
    public IReadOnlyDictionary<string, TimeSpan> Durations() =>
        (from id in Ids().Take(RememberedOperations)
         let state = TryRead(id)
         where state is not null
         from step in state.Begun.Steps
         where state[step] is { State: StepState.Done, Took: not null }
         group state[step].Took!.Value by step.GetType().Name)
        .ToDictionary(kind => kind.Key, kind => kind.Order().ElementAt(kind.Count() / 2));

    private JournalState? TryRead(string id)
    {
        try
        {
            return JournalState.From(Read(id));
        }
        catch (Exception e) when (e is HaClusterException or IOException or UnauthorizedAccessException)
        {
            // Of a newer version, or damaged: it says nothing of durations.
            return null;
        }
    }

    private string FileOf(string id) => System.IO.Path.Combine(FolderOf(id), "journal.jsonl");

    private string StopFile(string id) => System.IO.Path.Combine(FolderOf(id), "stop");
}
