using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace HaCluster.Stack.Workloads;

/// <summary>A hash of files for the name of a job, which so runs again whenever one of them changes, and only then.</summary>
internal static class ContentHash
{
    private const int Length = 10;

    /// <summary>Lower-case, fit for a name in Kubernetes.</summary>
    public static string Of(ImmutableSortedDictionary<string, string> files)
    {
        var all = string.Join('\0', files.Select(file => $"{file.Key}\0{file.Value}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..Length];
    }
}
