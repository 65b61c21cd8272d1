using System.Collections.Immutable;
using System.Text;
using HaCluster.Planning.Stacks;

namespace HaCluster.Planning.Rendering;

/// <summary>
/// The output directory of a render. A marker file lists the written files, so that a later render removes obsolete ones and touches
/// nothing else. Each file is replaced as a whole; an interrupted run leaves old and new files, all complete and listed.
/// </summary>
public sealed class RenderDirectory
{
    public const string MarkerName = ".ha-render";

    private const string MarkerFormat = "hacluster.render/1";
    private readonly string _path;

    private RenderDirectory(string path) => _path = path;

    /// <param name="force">Also accept a directory with other files; they are kept, except files of the same names.</param>
    /// <exception cref="UnreadableInputException">The path is not a directory, or a directory with files that no render wrote, or cannot be read.</exception>
    public static RenderDirectory Open(string path, bool force)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (File.Exists(full))
            throw new UnreadableInputException($"{path} is a file; --out takes a directory");
        var isOwn = File.Exists(Path.Combine(full, MarkerName));
        if (!isOwn && !force && Directory.Exists(full) && HoldsFiles(full))
        {
            throw new UnreadableInputException(
                $"{path} is not empty and was not written by 'ha render'; name another directory, or add --force to write into this one");
        }

        return new RenderDirectory(full);
    }

    /// <summary>Writes the files, removes obsolete files of an earlier render, and returns the counts.</summary>
    /// <exception cref="UnreadableInputException">The directory cannot be written to.</exception>
    public RenderChange Write(ImmutableArray<RenderedFile> files, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(_path);
            var current = files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
            var earlier = ReadMarker();
            WriteMarker(current.Union(earlier));
            var written = 0;
            foreach (var file in files)
            {
                cancellationToken.ThrowIfCancellationRequested();
                written += Replace(file.Path, file.Text) ? 1 : 0;
            }

            var stale = earlier.Where(path => !current.Contains(path)).Where(Remove).Count();
            WriteMarker(current);
            return new RenderChange(written, files.Length - written, stale);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{_path} cannot be written: {exception.Message}", exception);
        }
    }

    private static bool HoldsFiles(string path)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(path).Any();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UnreadableInputException($"{path} cannot be read, so it may hold files that no 'ha render' wrote: {exception.Message}", exception);
        }
    }

    private bool Replace(string relative, string text)
    {
        var path = Path.Combine(_path, relative);
        if (File.Exists(path) && File.ReadAllText(path) == text)
            return false;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        WholeFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
        return true;
    }

    private bool Remove(string relative)
    {
        var path = Path.Combine(_path, relative);
        if (!File.Exists(path))
            return false;
        File.Delete(path);
        for (var directory = Path.GetDirectoryName(path)!; directory != _path; directory = Path.GetDirectoryName(directory)!)
        {
            if (Directory.EnumerateFileSystemEntries(directory).Any())
                break;
            Directory.Delete(directory);
        }

        return true;
    }

    private List<string> ReadMarker()
    {
        var marker = Path.Combine(_path, MarkerName);
        return File.Exists(marker) ? [.. File.ReadLines(marker).Skip(1).Where(IsInside)] : [];
    }

    private void WriteMarker(IEnumerable<string> paths) =>
        Replace(MarkerName, string.Join('\n', [MarkerFormat, .. paths.Order(StringComparer.Ordinal), ""]));

    /// <summary>Anyone can edit the marker file, so files outside the directory are never deleted.</summary>
    private bool IsInside(string relative) =>
        relative.Length > 0 && Path.GetFullPath(relative, _path).StartsWith(_path + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}

/// <summary>The number of files that a render wrote, left unchanged and removed.</summary>
public sealed record RenderChange(int Written, int Unchanged, int Removed);

/// <summary>One file of a render: its path below the output directory, with '/' as separator, and its whole text.</summary>
public sealed record RenderedFile(string Path, string Text);
