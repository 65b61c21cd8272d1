namespace HaCluster.Tests.Shared;

/// <summary>Programs of PostgreSQL, which refuse to run as root: there they run as another user.</summary>
internal static class PostgreSqlPrograms
{
    // On every system.
    private const string Unprivileged = "nobody";

    private static readonly bool IsRoot = Environment.UserName == "root";

    /// <summary>Null where there is none. Debian keeps the programs of each major version apart, and off the PATH.</summary>
    public static string? Folder { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Select(folder => $"{folder}/bin").LastOrDefault(folder => File.Exists($"{folder}/initdb"))
        : Path.GetDirectoryName(Programs.Find("initdb"));

    /// <summary>Why no server can be started; null when one can.</summary>
    public static string? Missing { get; } =
        Folder is null ? "needs initdb: apt-get install postgresql (bash tests/all gets it)"
        : IsRoot && Programs.Find("setpriv") is null ? "needs setpriv (Linux only) to run PostgreSQL as root: use another user"
        : null;

    /// <summary>One of them with its arguments.</summary>
    public static string[] Command(string program, params IEnumerable<string> arguments) => AsUser($"{Folder}/{program}", arguments);

    /// <summary>Any program, as the user under which it can run these.</summary>
    public static string[] AsUser(string program, params IEnumerable<string> arguments) =>
        [.. IsRoot ? ["setpriv", $"--reuid={Unprivileged}", "--clear-groups"] : Array.Empty<string>(), program, .. arguments];

    /// <summary>Gives a folder to the user under which they run.</summary>
    /// <param name="withContent">Not while a server runs in it, whose files come and go.</param>
    public static async Task GiveAsync(string folder, bool withContent = false)
    {
        if (IsRoot)
            await RunAsync(["chown", .. withContent ? ["-R"] : Array.Empty<string>(), Unprivileged, folder]);
    }

    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task<string> RunAsync(string[] command)
    {
        var ended = await Programs.RunAsync(command[0], command[1..]);
        return ended.Succeeded ? ended.Output : throw new InvalidOperationException($"{string.Join(' ', command)} ended with {ended.ExitCode}: {ended.Text}");
    }
}
