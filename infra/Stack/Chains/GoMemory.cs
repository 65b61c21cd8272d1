using System.Globalization;
using HaCluster.Stack.Settings;

namespace HaCluster.Stack.Chains;

/// <summary>The soft limit of programs written in Go (https://pkg.go.dev/runtime#hdr-Environment_Variables).</summary>
public static class GoMemory
{
    // The rest is for what the runtime does not count: the page cache of memory-mapped files, and a burst.
    private const decimal Share = 0.9m;

    /// <summary>In bytes.</summary>
    public static string LimitOf(Quantity memory) => (memory.Value * Share).ToString("0", CultureInfo.InvariantCulture);
}
