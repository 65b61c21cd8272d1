using System.Diagnostics;
using System.Globalization;

namespace HaCluster.Cmdlets.Twin;

/// <summary>
/// The twins of this computer, by the folders that they leave in <c>$XDG_STATE_HOME/ha-cluster/twins</c>: <c>kubeconfig</c>, <c>environment</c>, and beside them
/// <c>process</c> and <c>log</c>, which <c>Start-HaTwin</c> writes.
/// </summary>
internal static class RunningTwins
{
    private const string Kubeconfig = "kubeconfig";
    private const string ProcessFile = "process";

    private static string Root => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state ? state
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state"),
        "ha-cluster", "twins");

    public static string FolderOf(string name) => Path.Combine(Root, name);

    public static string LogOf(string name) => Path.Combine(FolderOf(name), "log");

    public static IReadOnlyList<TwinStatus> List() => !Directory.Exists(Root) ? [] :
        [.. Directory.EnumerateDirectories(Root).Order(StringComparer.Ordinal).Select(folder => Find(Path.GetFileName(folder))).OfType<TwinStatus>()];

    /// <returns>Null when none of this name is ready, or its process has ended.</returns>
    public static TwinStatus? Find(string name)
    {
        var folder = FolderOf(name);
        var kubeconfig = Path.Combine(folder, Kubeconfig);
        if (!File.Exists(kubeconfig) || ProcessOf(name) is not { } process)
            return null;
        var server = File.ReadLines(kubeconfig).Select(line => line.Trim()).FirstOrDefault(line => line.StartsWith("server:", StringComparison.Ordinal));
        var environment = ReadEnvironment(folder);
        return new TwinStatus(
            name, environment.GetValueOrDefault("HA_STACK", ""), process, server?["server:".Length..].Trim().Trim('"', '\'') ?? "",
            environment.GetValueOrDefault("AWS_ENDPOINT_URL", ""), kubeconfig, LogOf(name));
    }

    /// <exception cref="HaClusterException">None runs, or several.</exception>
    public static TwinStatus Only() => List() switch
    {
        [var only] => only,
        [] => throw new HaClusterException(FailureKind.NotConnected, "", "", "no local twin is running", "Start one: Start-HaTwin"),
        var several => throw new HaClusterException(FailureKind.InvalidInput, "", "", $"several twins run: {string.Join(", ", several.Select(twin => twin.Name))}", "Name one"),
    };

    public static void Record(string name, int processId)
    {
        Directory.CreateDirectory(FolderOf(name));
        File.WriteAllText(Path.Combine(FolderOf(name), ProcessFile), processId.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Forgets what a process that was killed has left behind.</summary>
    public static void Forget(string name)
    {
        if (Directory.Exists(FolderOf(name)))
            Directory.Delete(FolderOf(name), recursive: true);
    }

    /// <summary>Its process, when it runs and is a twin: ids of processes are used again.</summary>
    public static int? ProcessOf(string name)
    {
        var file = Path.Combine(FolderOf(name), ProcessFile);
        if (!File.Exists(file) || !int.TryParse(File.ReadAllText(file).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            return null;
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited && process.StartTime.ToUniversalTime() <= File.GetLastWriteTimeUtc(file).AddSeconds(5) ? id : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static Dictionary<string, string> ReadEnvironment(string folder)
    {
        var file = Path.Combine(folder, "environment");
        return !File.Exists(file) ? [] : File.ReadLines(file)
            .Select(line => line.StartsWith("export ", StringComparison.Ordinal) ? line["export ".Length..] : line)
            .Select(line => line.Split('=', 2)).Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0].Trim(), parts => parts[1].Trim().Trim('"', '\''), StringComparer.Ordinal);
    }
}
