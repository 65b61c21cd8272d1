using System.Diagnostics;

namespace HaCluster.Cmdlets.Twin;

/// <summary>A process that goes on when this terminal is closed, and that Ctrl+C in it does not end; its output goes to a file.</summary>
internal static class DetachedProcess
{
    /// <summary>
    /// Linux and BusyBox have setsid; macOS has none, and there the signals of a terminal are ignored, which a program keeps that is executed
    /// (https://pubs.opengroup.org/onlinepubs/9799919799/functions/exec.html) and .NET respects. Tests run it, too.
    /// </summary>
    private const string Script = """
        log=$1; shift
        exec >"$log" 2>&1 </dev/null
        command -v setsid >/dev/null && exec setsid "$@"
        trap '' INT QUIT HUP
        exec "$@"
        """;

    public static ProcessStartInfo Create(string log, params string[] command) => OperatingSystem.IsWindows()
        ? new ProcessStartInfo("cmd.exe", ["/c", .. command, ">", log, "2>&1"]) { CreateNoWindow = true }
        : new ProcessStartInfo("/bin/sh", ["-c", Script, "sh", log, .. command]);
}
