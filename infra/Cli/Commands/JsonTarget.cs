using HaCluster.Planning.Stacks;

namespace HaCluster.Cli.Commands;

/// <summary>Where a document goes: a file, or standard output for <c>-</c>.</summary>
internal sealed record JsonTarget(string Path)
{
    public bool IsStandardOutput => Path == "-";

    /// <summary>Said before the work, not after it.</summary>
    /// <exception cref="UnreadableInputException">The file cannot be written.</exception>
    public static JsonTarget? Of(string? path)
    {
        if (path is null)
            return null;
        var target = new JsonTarget(path);
        if (target.IsStandardOutput)
            return target;
        if (Directory.Exists(path))
            throw new UnreadableInputException($"{path} is a directory; --json takes a file");
        if (System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path)) is not { } directory || !Directory.Exists(directory))
            throw new UnreadableInputException($"{path} cannot be written: its directory does not exist");
        return target;
    }

    /// <summary>A file is replaced whole: whoever reads it never sees half a document.</summary>
    /// <exception cref="UnreadableInputException">The file cannot be written.</exception>
    public void Write(Func<Stream> openOutput, Action<Stream> write)
    {
        if (IsStandardOutput)
        {
            using var output = new BufferedStream(openOutput(), 1 << 16);
            write(output);
            return;
        }

        var partial = Path + ".partial";
        try
        {
            using (var file = File.Create(partial))
                write(file);
            File.Move(partial, Path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UnreadableInputException($"{Path} cannot be written: {exception.Message}", exception);
        }
    }
}
