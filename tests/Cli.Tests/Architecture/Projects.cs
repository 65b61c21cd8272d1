using System.Xml.Linq;
using HaCluster.Cli.Tests.Processes;

namespace HaCluster.Cli.Tests.Architecture;

/// <summary>The projects below infra and module, as they are in the checkout.</summary>
internal static class Projects
{
    private static readonly string[] Foreign = ["bin", "obj", "node_modules"];

    /// <summary>Paths of their folders: <c>infra/Cli</c>.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. new[] { "infra", "module" }.SelectMany(part => Under(new DirectoryInfo(Path.Combine(Ha.Checkout, part)), "*.csproj")).Select(file => PathOf(Path.GetDirectoryName(file)!)).Order(StringComparer.Ordinal),
    ];

    public static string RootNamespaceOf(string project) => Xml(project).Descendants("RootNamespace").Single().Value;

    /// <summary>Its own sources: not those that are linked, nor those of a project in a folder of its own below.</summary>
    public static IEnumerable<string> SourcesOf(string project)
    {
        var others = All.Where(other => other.StartsWith(project + "/", StringComparison.Ordinal)).ToList();
        return Under(new DirectoryInfo(Path.Combine(Ha.Checkout, project)), "*.cs").Where(file => !others.Exists(other => PathOf(file).StartsWith(other + "/", StringComparison.Ordinal)));
    }

    /// <summary>What a project is compiled against: projects, and sources of others. What is only built with it, or beside it, is left out.</summary>
    public static IEnumerable<string> ReferencesOf(string project)
    {
        var items = FilesOf(project).SelectMany(file => XDocument.Load(file).Descendants()).ToList();
        var projects = items.Where(item => item.Name == "ProjectReference" && (string?)item.Attribute("ReferenceOutputAssembly") != "false").SelectMany(Included).Select(path => Path.GetDirectoryName(path)!);
        var linked = items.Where(item => item.Name == "Compile").SelectMany(Included).Where(path => path.StartsWith("..", StringComparison.Ordinal));
        return projects.Concat(linked).Select(path => PathOf(Path.GetFullPath(path, Path.Combine(Ha.Checkout, project)))).Order(StringComparer.Ordinal);
    }

    /// <summary>Namespaces that a project uses without a line in its sources.</summary>
    public static IEnumerable<string> GlobalUsingsOf(string project) => FilesOf(project).SelectMany(file => XDocument.Load(file).Descendants("Using")).SelectMany(Included);

    private static IEnumerable<string> Included(XElement item) => ((string?)item.Attribute("Include") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Its file, and what MSBuild reads with it from the folders above.</summary>
    private static IEnumerable<string> FilesOf(string project)
    {
        var directory = Path.Combine(Ha.Checkout, project);
        yield return FileOf(project);
        for (var at = directory; at.Length >= Ha.Checkout.TrimEnd('/').Length; at = Path.GetDirectoryName(at)!)
        {
            foreach (var file in Directory.EnumerateFiles(at, "Directory.Build.*"))
                yield return file;
        }
    }

    private static XDocument Xml(string project) => XDocument.Load(FileOf(project));

    private static string FileOf(string project) => Directory.GetFiles(Path.Combine(Ha.Checkout, project), "*.csproj").Single();

    private static string PathOf(string file) => Path.GetRelativePath(Ha.Checkout, file).Replace('\\', '/');

    private static IEnumerable<string> Under(DirectoryInfo directory, string pattern) => directory.EnumerateFiles(pattern).Select(file => file.FullName)
        .Concat(directory.EnumerateDirectories().Where(each => !Foreign.Contains(each.Name)).SelectMany(each => Under(each, pattern)));
}
