using HaCluster.Planning.Stacks;

namespace HaCluster.Cli.Images;

/// <summary>The projects of a checkout whose images are built: each folder of <c>infra/Services</c> has one.</summary>
internal static class ServiceProjects
{
    private static readonly string Services = Path.Combine("infra", "Services");

    /// <summary>Looks in <paramref name="start"/> and above it, and then in <paramref name="fallback"/>, as the project file of Pulumi is looked for.</summary>
    /// <param name="fallback">The checkout that this tool was built from; null when there is none.</param>
    /// <exception cref="UnreadableInputException">There is no checkout, or it has no services.</exception>
    public static IReadOnlyList<string> Find(string start, string? fallback)
    {
        var directory = new DirectoryInfo(start);
        while (directory is not null && !Directory.Exists(Path.Combine(directory.FullName, Services)))
            directory = directory.Parent;
        var root = directory?.FullName ?? (fallback is not null && Directory.Exists(Path.Combine(fallback, Services)) ? fallback : null)
            ?? throw new UnreadableInputException($"no {Services} in {start} or any directory above it; images are built from a checkout of the project: run this inside one");
        string[] projects = [.. Directory.EnumerateDirectories(Path.Combine(root, Services)).SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj")).Order(StringComparer.Ordinal)];
        return projects.Length > 0 ? projects : throw new UnreadableInputException($"{Path.Combine(root, Services)} has no project of a service");
    }
}
