using System.Runtime.InteropServices;

namespace HaCluster.Ledger.Archives;

/// <summary>What .NET does not do: flush a folder, and give a file a second name only if nothing has that name.</summary>
internal static class NativeMethods
{
    private const int ReadOnly = 0;
    private const int InvalidArgument = 22;
    private const int Exists = 17;

    /// <summary>A new file survives a power cut only when its folder is on disk too (https://man7.org/linux/man-pages/man2/fsync.2.html).</summary>
    /// <exception cref="IOException">The folder cannot be opened or flushed.</exception>
    public static void SyncFolder(string folder)
    {
        // NTFS logs what happens to folders.
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = open(folder, ReadOnly);
        if (descriptor < 0)
            throw new IOException($"{folder}: {Marshal.GetLastPInvokeErrorMessage()}");
        try
        {
            // Some file systems have nothing to flush for a folder and say EINVAL.
            if (fsync(descriptor) != 0 && Marshal.GetLastPInvokeError() != InvalidArgument)
                throw new IOException($"{folder}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    /// <summary>Moves a file in one step; unlike rename, it never replaces one.</summary>
    /// <returns>False: a file of that name exists.</returns>
    /// <exception cref="IOException">The file cannot be moved.</exception>
    public static bool TryMove(string source, string destination)
    {
        if (OperatingSystem.IsWindows())
        {
            if (File.Exists(destination))
                return false;
            File.Move(source, destination, overwrite: false);
            return true;
        }

        if (link(source, destination) == 0)
        {
            File.Delete(source);
            return true;
        }

        return Marshal.GetLastPInvokeError() == Exists ? false : throw new IOException($"{destination}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

#pragma warning disable IDE1006, SYSLIB1054 // The names of libc; LibraryImport would need unsafe code in the project for four calls.
    [DllImport("libc", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int fsync(int descriptor);

    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int close(int descriptor);

    [DllImport("libc", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int link([MarshalAs(UnmanagedType.LPUTF8Str)] string existing, [MarshalAs(UnmanagedType.LPUTF8Str)] string name);
#pragma warning restore IDE1006, SYSLIB1054
}
