using System.Runtime.InteropServices;

namespace HaCluster.Tests.Shared;

/// <summary>Runs a test as a user whom the permissions of a file bind. Root may read and write everything; Linux can take that from a single thread.</summary>
internal static class Unprivileged
{
    public const string Reason = "needs Linux, or a user who is not root";

    private const uint Nobody = 65534;

    public static bool IsImpossible => OperatingSystem.IsWindows() || (Environment.IsPrivilegedProcess && !OperatingSystem.IsLinux());

    /// <summary>Does <paramref name="work"/> while a file or directory has only these permissions.</summary>
    public static void With(UnixFileMode mode, string path, Action work)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException(Reason);
        var before = File.GetUnixFileMode(path);
        // A scratch folder is open to its owner alone; the thread stays in the group of root.
        var parent = Path.GetDirectoryName(path)!;
        File.SetUnixFileMode(parent, File.GetUnixFileMode(parent) | UnixFileMode.GroupRead | UnixFileMode.GroupExecute);
        File.SetUnixFileMode(path, mode);
        try
        {
            Run(work);
        }
        finally
        {
            File.SetUnixFileMode(path, before);
        }
    }

    private static void Run(Action work)
    {
        Exception? failure = null;
        // The thread ends with the change.
        var thread = new Thread(() =>
        {
            try
            {
                if (Environment.IsPrivilegedProcess)
                    _ = setfsuid(Nobody);
                work();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
    }

#pragma warning disable IDE1006, SYSLIB1054 // The name of libc; LibraryImport would need unsafe code in the projects for one call.
    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int setfsuid(uint user);
#pragma warning restore IDE1006, SYSLIB1054
}
