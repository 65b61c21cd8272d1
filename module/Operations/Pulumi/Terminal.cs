using System.Runtime.InteropServices;

namespace HaCluster.Operations.Pulumi;

/// <summary>The terminal that this process was started from.</summary>
internal static class Terminal
{
    /// <summary>Whether Ctrl+C at the terminal goes to the programs that this process has started as well: they are of its process group, which is the terminal's foreground one.</summary>
    public static bool MayHaveInterruptedChildren()
    {
        // A console of Windows sends Ctrl+C to all its processes.
        if (OperatingSystem.IsWindows())
            return true;
        var own = getpgrp();
        return Enumerable.Range(0, 3).Any(descriptor => tcgetpgrp(descriptor) == own);
    }

#pragma warning disable IDE1006, SYSLIB1054 // The names of libc; LibraryImport would need unsafe code in the project for two calls.
    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int getpgrp();

    /// <returns>-1 for what is no terminal.</returns>
    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int tcgetpgrp(int descriptor);
#pragma warning restore IDE1006, SYSLIB1054
}
