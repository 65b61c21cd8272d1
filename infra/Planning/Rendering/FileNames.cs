using System.Text.RegularExpressions;

namespace HaCluster.Planning.Rendering;

/// <summary>File names for names from a cluster: they may hold characters (RBAC's ':') that not every file system takes.</summary>
internal static partial class FileNames
{
    /// <summary>One path segment, never one that changes the directory.</summary>
    public static string Safe(string name) => OnlyDots().IsMatch(name) ? "-" : Unsafe().Replace(name, "-");

    [GeneratedRegex("[^A-Za-z0-9._-]")]
    private static partial Regex Unsafe();

    [GeneratedRegex(@"^\.*\z")]
    private static partial Regex OnlyDots();
}
