using System.Diagnostics;
using System.Text.Json;

namespace HaCluster.Cmdlets.Sessions;

/// <summary>The twins of this computer, by what <c>ha twin</c> leaves in <c>$XDG_STATE_HOME/ha-cluster/twins/NAME</c>.</summary>
internal static class RunningTwins
{
    private const string Description = "twin.json";

    private static string Root => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state && Path.IsPathRooted(state) ? state
            : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state"),
        "ha-cluster", "twins");

    /// <summary>What a twin that <c>Start-HaTwin</c> started writes.</summary>
    public static string LogOf(string name) => Path.Combine(Root, name + ".log");

    /// <summary>The last line of its log; null: it has written none.</summary>
    public static string? LastLine(string name)
    {
        try
        {
            using var stream = new FileStream(LogOf(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault();
        }
        catch (IOException)
        {
            return null;
        }
    }

    public static IReadOnlyList<TwinStatus> List() => !Directory.Exists(Root) ? [] :
        [.. Directory.EnumerateDirectories(Root).Order(StringComparer.Ordinal).Select(folder => Find(Path.GetFileName(folder))).OfType<TwinStatus>()];

    /// <returns>Null when none of this name is ready, or its process has ended.</returns>
    public static TwinStatus? Find(string name)
    {
        var file = Path.Combine(Root, name, Description);
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file));
            var twin = document.RootElement;
            string Text(string entry) => twin.TryGetProperty(entry, out var value) ? value.GetString() ?? "" : "";
            var status = new TwinStatus(name, Text("stack"), twin.GetProperty("process").GetInt32(), Text("kubernetes"), Text("aws"), Text("kubeconfig"), LogOf(name));
            return IsRunning(status.ProcessId, Path.Combine(Root, name)) ? status : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException)
        {
            return null;
        }
    }

    /// <exception cref="HaClusterException">None runs, or several.</exception>
    public static TwinStatus Only() => List() switch
    {
        [var only] => only,
        [] => throw new HaClusterException(FailureKind.NotConnected, "", "", "no local twin is running", "Start one: Start-HaTwin"),
        var several => throw new HaClusterException(FailureKind.InvalidInput, "", "", $"several twins run: {string.Join(", ", several.Select(twin => twin.Name))}", "Name one"),
    };

    /// <summary>Removes what a twin that was killed has left behind.</summary>
    public static void Forget(string name)
    {
        var folder = Path.Combine(Root, name);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    /// <summary>The folder of the logs, for its owner only.</summary>
    public static void Prepare()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(Root);
        else
            Directory.CreateDirectory(Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>
    /// A twin holds the lock of its folder as long as it runs. Its process alone says little, since ids are used again; and when a process began is computed from the clock of today, which a computer that slept
    /// or had its clock set takes for another time than before.
    /// </summary>
    private static bool IsRunning(int id, string folder)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            using var free = new FileStream(Path.Combine(folder, "lock"), FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (IOException exception)
        {
            return exception is not (FileNotFoundException or DirectoryNotFoundException);
        }
    }
}
