using HaCluster.Operations.Connecting;

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

    /// <exception cref="HaClusterException">It is damaged, of a newer version, or cannot be read.</exception>
    public IReadOnlyList<JournalEntry> Read(string id)
    {
        try
        {
            return JournalFormat.Read(DurableFile.Read(FileOf(id)), FileOf(id), out _);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw JournalFailure.NotRead(FileOf(id), e);
        }
    }

    /// <returns>The entries, or what is wrong with the file.</returns>
    public (IReadOnlyList<JournalEntry> Entries, UnreadableJournal? Unreadable) Look(string id)
    {
        byte[] bytes = [];
        try
        {
            bytes = DurableFile.Read(FileOf(id));
            return (JournalFormat.Read(bytes, FileOf(id), out _), null);
        }
        catch (HaClusterException e)
        {
            return ([], UnreadableJournal.Of(id, bytes, e.Message));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ([], new UnreadableJournal(id, "", JournalFailure.NotRead(FileOf(id), e).Message));
        }
    }

    /// <summary>The newest first: an id begins with its time.</summary>
    public IReadOnlyList<string> Ids() => Directory.Exists(path)
        ? [.. Directory.EnumerateDirectories(path).Select(folder => System.IO.Path.GetFileName(folder)!).Where(Has).OrderDescending(StringComparer.Ordinal)]
        : [];

    /// <summary>Asks the process of this machine that works on it to stop.</summary>
    public void RequestStop(string id) => File.WriteAllText(StopFile(id), "");

    public bool IsStopRequested(string id) => File.Exists(StopFile(id));

    public void ForgetStop(string id) => File.Delete(StopFile(id));

    /// <summary>How long each kind of step took in earlier operations on the cluster: the median of those that are remembered. Other clusters are larger, or twins with a faster clock.</summary>
    public IReadOnlyDictionary<string, TimeSpan> Durations(ClusterIdentity? cluster) =>
        (from id in Ids().Take(RememberedOperations)
         let state = TryRead(id)
         where state?.Begun.Identity is { } begun && cluster?.IsSame(begun) == true
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
        catch (HaClusterException)
        {
            // Of a newer version, or damaged: it says nothing of durations.
            return null;
        }
    }

    private string FileOf(string id) => System.IO.Path.Combine(FolderOf(id), "journal.jsonl");

    private string StopFile(string id) => System.IO.Path.Combine(FolderOf(id), "stop");
}
