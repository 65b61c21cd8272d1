using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Cli.Terminal;
using HaCluster.Planning.Stacks;

namespace HaCluster.Cli.Running;

/// <summary>
/// The files of a running twin: <c>$XDG_STATE_HOME/ha-cluster/twins/NAME/</c> (<c>~/.local/state</c> by default; on Windows below the local application data),
/// readable by their owner only. The lock file is held while it runs, so that two of one name do not run at once; the rest is removed when it ends.
/// </summary>
internal sealed class TwinDirectory : IDisposable
{
    private const string Lock = "lock", Description = "twin.json";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly FileStream _lock;

    private TwinDirectory(string path, FileStream held) => (Root, _lock) = (path, held);

    public string Root { get; }

    public string Kubeconfig => Path.Combine(Root, "kubeconfig");

    /// <summary>Lines of <c>export NAME=VALUE</c>.</summary>
    public string EnvironmentFile => Path.Combine(Root, "environment");

    public string DescriptionFile => Path.Combine(Root, Description);

    public static string Home => Path.Combine(StateHome(), "ha-cluster", "twins");

    /// <exception cref="UnreadableInputException">Another twin of this name runs, or the directory cannot be created.</exception>
    public static TwinDirectory Open(string name)
    {
        var path = Path.Combine(Home, name);
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(path);
            else
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UnreadableInputException($"{path} cannot be created: {exception.Message}");
        }

        try
        {
            var directory = new TwinDirectory(path, new FileStream(Path.Combine(path, Lock), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            // Of one that was killed: nobody is to connect to it.
            directory.RemoveFiles();
            return directory;
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            throw new UnreadableInputException($"a twin named {name} is already running{OfProcess(path)}: its files are in {path}; stop it with Ctrl+C, or start another with --name");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(path, exception);
        }
    }

    /// <summary>Runs what writes the files.</summary>
    /// <exception cref="UnreadableInputException">They cannot be written.</exception>
    public void Fill(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(Root, exception);
        }
    }

    public void WriteEnvironment(IReadOnlyDictionary<string, string> environment)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in environment)
            text.Append("export ").Append(name).Append('=').Append(ShellWord.Of(value)).Append('\n');
        Write(EnvironmentFile, text.ToString());
    }

    public void WriteDescription(JsonObject description) => Write(DescriptionFile, description.ToJsonString(Indented) + "\n");

    /// <summary>Removes what the twin wrote.</summary>
    public void Dispose()
    {
        RemoveFiles();
        _lock.Dispose();
        File.Delete(Path.Combine(Root, Lock));
        if (!Directory.EnumerateFileSystemEntries(Root).Any())
            Directory.Delete(Root);
    }

    private void RemoveFiles()
    {
        foreach (var file in new[] { Kubeconfig, EnvironmentFile, DescriptionFile })
            File.Delete(file);
    }

    private static UnreadableInputException CannotWrite(string path, Exception exception) =>
        new($"the files of the twin cannot be written in {path}: {exception.Message}; set XDG_STATE_HOME to a writable directory with free space");

    /// <summary>Whether another process holds the lock: EWOULDBLOCK of Linux or macOS, or Windows' sharing violation.</summary>
    private static bool IsHeld(IOException exception) => exception.HResult is 11 or 35 or unchecked((int)0x80070020);

    /// <summary>A file that only its owner can read: it holds keys.</summary>
    private static void Write(string path, string text)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(path, new UTF8Encoding(false), options);
        writer.Write(text);
    }

    private static string OfProcess(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(path, Description)));
            return $" (process {document.RootElement.GetProperty("process").GetInt32()})";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException)
        {
            return "";
        }
    }

    // https://specifications.freedesktop.org/basedir-spec/latest/
    private static string StateHome() => Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } set && Path.IsPathRooted(set) ? set
        : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
}
