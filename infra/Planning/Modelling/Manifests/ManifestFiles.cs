using System.Collections.Immutable;
using System.IO.Enumeration;
using HaCluster.Planning.Stacks;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Manifests;

/// <summary>
/// The files of a directory that <c>kubectl apply -f</c> (or <c>-R -f</c>) reads, and the directories that are not read. Links to files are followed, links
/// to directories are not (https://pkg.go.dev/path/filepath#Walk).
/// </summary>
internal static class ManifestFiles
{
    private static readonly string[] Extensions = [".yaml", ".yml", ".json"];
    private static readonly string[] Kustomizations = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

    /// <exception cref="UnreadableInputException">The path does not exist, has no manifests, or is not a directory of manifests.</exception>
    public static (List<string> Files, ImmutableArray<UnknownObject> Aside) In(string path, bool isRecursive)
    {
        if (File.Exists(path))
            return ([path], []);
        if (!Directory.Exists(path))
            throw new UnreadableInputException($"'{path}' is neither a directory nor a file; name one with Kubernetes manifests");
        try
        {
            var own = Entries(path, isRecursive: false).ToList();
            if (own.Select(Maker).FirstOrDefault(maker => maker is not null) is { } root)
                throw new UnreadableInputException($"{path} is {root.What}, not a directory of manifests: {root.Advice}");
            return isRecursive ? WithSubdirectories(path) : OfItself(path, own);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UnreadableInputException($"{path} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>As <c>kubectl apply -f</c> reads a directory.</summary>
    private static (List<string> Files, ImmutableArray<UnknownObject> Aside) OfItself(string path, List<Entry> own)
    {
        var files = Manifests(own);
        var links = Links(path, own);
        List<string> below = [.. own.Where(entry => entry is { IsDirectory: true, IsLink: false } && HoldsManifest(entry.Path)).Select(entry => Path.GetFileName(entry.Path)).Order(StringComparer.Ordinal)];
        if (files.Count == 0)
        {
            throw below.Count == 0 ? NoFile(path, links)
                : new UnreadableInputException($"{path} itself holds no .yaml, .yml or .json file; add -R to read its subdirectories: {string.Join(", ", below)}");
        }

        return (files, [.. links, .. below.Select(name => Aside(name, "it was not read, as kubectl apply -f does not read subdirectories; add -R to read it"))]);
    }

    /// <summary>Files of kustomizations and charts are skipped, because they are not manifests yet.</summary>
    private static (List<string> Files, ImmutableArray<UnknownObject> Aside) WithSubdirectories(string path)
    {
        var entries = Entries(path, isRecursive: true).ToList();
        var makers = entries.Select(entry => (Directory: Path.GetDirectoryName(entry.Path)!, Maker: Maker(entry))).Where(one => one.Maker is not null)
            .DistinctBy(one => one.Directory)
            .OrderBy(one => one.Directory, StringComparer.Ordinal)
            .ToList();
        var outermost = makers.Where(one => !makers.Any(other => other != one && InputFile.IsIn(one.Directory, other.Directory))).ToList();
        entries.RemoveAll(entry => outermost.Exists(one => InputFile.IsIn(entry.Path, one.Directory)));
        var links = Links(path, entries);
        if (Manifests(entries) is { Count: > 0 } files)
            return (files, [.. outermost.Select(one => Aside(Path.GetRelativePath(path, one.Directory), $"it is {one.Maker!.Value.What} and was not read: {one.Maker.Value.Advice}")), .. links]);
        throw outermost.Count == 0 ? NoFile(path, links)
            : new UnreadableInputException(string.Join('\n', outermost.Select(one => $"{one.Directory} is {one.Maker!.Value.What}, not a directory of manifests: {one.Maker.Value.Advice}")));
    }

    private static UnreadableInputException NoFile(string path, List<UnknownObject> links) => new(
        $"{path} holds no .yaml, .yml or .json file, and neither do the directories in it" + string.Concat(links.Select(link => $"\n{link.Subject}: {link.Reason}")));

    private static UnknownObject Aside(string directory, string reason) => new($"directory {directory}", reason, HidesPods: true);

    /// <summary>What a link leads to inside the directory is read, or named, under its own name.</summary>
    private static List<UnknownObject> Links(string path, List<Entry> entries)
    {
        var root = InputFile.RealPath(path);
        return
        [
            .. entries.Where(entry => entry is { IsDirectory: true, IsLink: true } && InputFile.RealPath(entry.Path) is var target && target != root && !InputFile.IsIn(target, root) && HoldsManifest(entry.Path))
                .OrderBy(entry => entry.Path, StringComparer.Ordinal)
                .Select(entry => Aside(Path.GetRelativePath(path, entry.Path), "it is a link and was not read, as kubectl apply -R follows none to a directory; put the directory itself in its place")),
        ];
    }

    /// <summary>Stops at the first, so that a large directory costs little. What cannot be looked into may hold some.</summary>
    private static bool HoldsManifest(string directory)
    {
        try
        {
            return Entries(directory, isRecursive: true).Any(IsManifest);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static List<string> Manifests(IEnumerable<Entry> entries) => [.. entries.Where(IsManifest).Select(entry => entry.Path).Order(StringComparer.Ordinal)];

    private static bool IsManifest(Entry entry) => !entry.IsDirectory && Extensions.Contains(Path.GetExtension(entry.Path), StringComparer.OrdinalIgnoreCase);

    /// <summary>A directory that may not be read is an error: what is in it could break the proof.</summary>
    private static FileSystemEnumerable<Entry> Entries(string path, bool isRecursive) => new(
        path,
        (ref entry) => new Entry(Tidy(entry.ToSpecifiedFullPath()), entry.IsDirectory, IsLink(ref entry)),
        new EnumerationOptions { RecurseSubdirectories = isRecursive, IgnoreInaccessible = false, AttributesToSkip = 0 })
    {
        ShouldRecursePredicate = (ref entry) => !IsLink(ref entry),
    };

    /// <summary>On Windows other directories are reparse points as well, such as those of OneDrive.</summary>
    private static bool IsLink(ref FileSystemEntry entry) => entry.Attributes.HasFlag(FileAttributes.ReparsePoint) && entry.ToFileSystemInfo().LinkTarget is not null;

    /// <summary>As the user wrote it, but without doubled separators.</summary>
    private static string Tidy(string path) => Path.Combine(Path.GetDirectoryName(path)!, Path.GetFileName(path));

    /// <summary>The tool whose input the files around it are (kustomize, Helm); null for any other file.</summary>
    private static (string What, string Advice)? Maker(Entry entry)
    {
        if (entry.IsDirectory)
            return null;
        // The path as the user wrote it, so that the command works in the current directory.
        var directory = Path.GetDirectoryName(entry.Path) is { Length: > 0 } parent ? parent : ".";
        return Path.GetFileName(entry.Path) switch
        {
            var name when Kustomizations.Contains(name) => ("a kustomization", $"render it with `kubectl kustomize {directory} > rendered.yaml` and give that"),
            "Chart.yaml" => ("a Helm chart", $"render it with `helm template RELEASE {directory} > rendered.yaml` and give that"),
            _ => null,
        };
    }

    private readonly record struct Entry(string Path, bool IsDirectory, bool IsLink);
}
