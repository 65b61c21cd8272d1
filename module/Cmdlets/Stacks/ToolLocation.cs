using System.Reflection;

namespace HaCluster.Cmdlets.Stacks;

/// <summary>Finds <c>ha</c>: packed in the module, or in the checkout that the module was built in.</summary>
internal static class ToolLocation
{
    private static readonly Assembly Module = typeof(ToolLocation).Assembly;
    private static readonly string Folder = Path.GetDirectoryName(Module.Location)!;

    /// <exception cref="HaClusterException">It is not there.</exception>
    public static string Find()
    {
        var packed = Path.Combine(Folder, "ha", "ha.dll");
        if (File.Exists(packed))
            return packed;
        var built = Path.GetFullPath(Module.GetCustomAttributes<AssemblyMetadataAttribute>().First(entry => entry.Key == "Tool").Value!, Folder);
        return File.Exists(built)
            ? built
            : throw new HaClusterException(FailureKind.NotFound, "", "ha", $"neither {packed} nor {built} exists", "Build it: dotnet build infra/Cli, or install the packed module");
    }
}
