using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Planning.Documents;
using HaCluster.Planning.Stacks;
using Spectre.Console;

namespace HaCluster.Cli.Terminal;

/// <summary>The destination of a document: none, a file that is replaced as a whole, a device or FIFO, or standard output.</summary>
/// <param name="Path">Null for none, <c>-</c> for standard output.</param>
internal sealed record OutputFile(string? Path)
{
    public const string StandardOutput = "-";

    /// <summary>Opening a FIFO for writing blocks until a process reads it.</summary>
    private static readonly TimeSpan ReaderTimeout = TimeSpan.FromSeconds(10);

    private static readonly string[] NamesOfStandardOutput = ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];

    /// <summary>EPIPE of Linux and macOS.</summary>
    private const int BrokenPipe = 32;

    /// <summary>As many as Linux follows.</summary>
    private const int MaxLinks = 40;

    public bool IsStandardOutput => Path == StandardOutput;

    /// <summary>Hidden files too. What may not be read is reported by whoever reads it.</summary>
    private static readonly EnumerationOptions All = new() { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None };

    private static readonly StringComparison NameComparison = OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

    /// <summary>An impossible destination is reported before the run, not after it.</summary>
    /// <exception cref="UnreadableInputException">The path cannot be written as a file.</exception>
    /// <exception cref="OutputFailedException">Writing is not permitted.</exception>
    public static OutputFile Of(string? path, string option)
    {
        if (path is null or StandardOutput)
            return new OutputFile(path);
        if (path.Length > 0 && LeadsToStandardOutput(path))
            return new OutputFile(StandardOutput);
        if (path.Length == 0)
            throw new UnreadableInputException($"{option} needs the name of a file; '' is not one");
        var target = TargetOf(path);
        if (Directory.Exists(target))
            throw new UnreadableInputException($"{path} is a directory; {option} takes a file");
        if (!File.Exists(target) && (System.IO.Path.GetDirectoryName(target) is not { } directory || !Directory.Exists(directory)))
            throw new UnreadableInputException($"{path}: its directory does not exist");
        if (IsReplaceable(target))
            Guard(path, () => Try(target));
        return new OutputFile(path);
    }

    /// <summary>Whether a destination is a file that is there and read: one of these paths, in a directory of manifests among them, or a file of a Pulumi project.</summary>
    /// <param name="withSubdirectories">Whether subdirectories are read too.</param>
    /// <exception cref="UnreadableInputException">A link leads nowhere.</exception>
    public static bool IsInput(string path, IEnumerable<string> read, bool withSubdirectories)
    {
        if (path == StandardOutput || LeadsToStandardOutput(path) || RealTargetOf(path) is not { } target || !File.Exists(target))
            return false;
        var isData = System.IO.Path.GetExtension(target).ToUpperInvariant() is ".YAML" or ".YML" or ".JSON";
        return (isData && System.IO.Path.GetFileNameWithoutExtension(target) == "Pulumi") || StackFile.StackNamedBy(target) is not null
            || read.Select(RealTargetOf).Any(input => IsTarget(input) || (isData && (withSubdirectories ? InputFile.IsIn(target, input, NameComparison)
                : Directory.Exists(input) && Directory.EnumerateFiles(input, "*", All).Select(RealTargetOf).Any(IsTarget))));

        bool IsTarget(string file) => string.Equals(file, target, NameComparison);
    }

    /// <summary>Whether both write to one place, so that only one of two documents would be left, or neither could be read.</summary>
    public bool IsSameAs(OutputFile other) => Path is { } mine && other.Path is { } theirs
        && (mine == StandardOutput || theirs == StandardOutput ? mine == theirs : string.Equals(RealTargetOf(mine), RealTargetOf(theirs), NameComparison) && IsReplaceable(TargetOf(mine)));

    /// <summary>A reader of the file never sees half a document.</summary>
    /// <exception cref="OutputFailedException">Writing failed; an existing file is unchanged.</exception>
    public void Write(Terminals terminals, Action<Stream> write)
    {
        if (Path is null)
            return;
        if (IsStandardOutput)
        {
            terminals.StrictProblems.AreHidden = true;
            terminals.Out.Profile.Out.Writer.Flush();
            Guard("standard output", () => WriteTo(terminals.OpenOutput(), write));
            return;
        }

        var target = TargetOf(Path);
        Guard(Path, () =>
        {
            if (IsReplaceable(target))
                WholeFile.Write(target, write);
            else
                WriteToReader(target, write);
        });
    }

    public void WriteJson(Terminals terminals, JsonObject document) => Write(terminals, stream =>
    {
        using (var writer = new Utf8JsonWriter(stream, DocumentJson.Options))
            document.WriteTo(writer);
        stream.WriteByte((byte)'\n');
    });

    /// <summary>The last line of a command that also wrote a file.</summary>
    public void Mention(IAnsiConsole console)
    {
        // Only the document is written to a pipe, which may be standard output itself.
        if (Path is not null && !IsStandardOutput && IsReplaceable(TargetOf(Path)))
            console.WriteRaw($"Written: {Path}");
    }

    private static void Guard(string name, Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new OutputFailedException($"{name} cannot be written: {Reason(exception)}", exception);
        }
    }

    /// <summary>Without a path: it would be that of the temporary file, and .NET has it in other places for each error.</summary>
    internal static string Reason(Exception exception) => exception switch
    {
        UnauthorizedAccessException => exception.InnerException?.Message ?? "Permission denied",
        FileNotFoundException or DirectoryNotFoundException => "no file can be created there",
        PathTooLongException => "the name is too long",
        _ => exception.Message.Split(" : '")[0],
    };

    private static void Try(string target)
    {
        if (File.Exists(target))
            new FileStream(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite).Dispose();
        else
            RefuseLongName(target);
        try
        {
            new FileStream(WholeFile.PartialOf(target), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException && File.Exists(target))
        {
            throw new IOException($"it would be replaced by a new file, but none can be created in its directory: {Reason(exception)}", exception);
        }
    }

    /// <exception cref="PathTooLongException">No file can have that name.</exception>
    private static void RefuseLongName(string target)
    {
        try
        {
            _ = File.GetAttributes(target);
        }
        catch (FileNotFoundException)
        {
            // As expected.
        }
    }

    private static void WriteTo(Stream stream, Action<Stream> write)
    {
        using var output = new BufferedStream(stream, 1 << 16);
        write(output);
        output.Flush();
    }

    /// <summary>A device, FIFO or pipe is written into, never replaced. A reader that exits early has what it wanted, as at standard output.</summary>
    private static void WriteToReader(string target, Action<Stream> write)
    {
        try
        {
            WriteTo(OpenSpecial(target), write);
        }
        catch (IOException exception) when (exception.HResult == BrokenPipe)
        {
        }
    }

    private static FileStream OpenSpecial(string target)
    {
        // Not cancelled: the call blocks in the kernel until this process ends.
        var opening = Task.Run(() => new FileStream(target, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Write, Share = FileShare.ReadWrite, BufferSize = 0 }));
        return Task.WhenAny(opening, Task.Delay(ReaderTimeout)).GetAwaiter().GetResult() == opening
            ? opening.GetAwaiter().GetResult()
            : throw new IOException($"no process reads from it (waited {ReaderTimeout.TotalSeconds:0} s)");
    }

    /// <summary>
    /// Whether it is <c>/dev/stdout</c>, one of its other names or a link to one. Opened by name, a file behind standard output would be written from its
    /// beginning, and the text of the command after that.
    /// </summary>
    private static bool LeadsToStandardOutput(string path)
    {
        var current = System.IO.Path.GetFullPath(path);
        for (var links = 0; links < MaxLinks && !OperatingSystem.IsWindows(); links++)
        {
            if (NamesOfStandardOutput.Contains(current))
                return true;
            if (new FileInfo(current).LinkTarget is not { } target)
                return false;
            current = System.IO.Path.GetFullPath(target, System.IO.Path.GetDirectoryName(current)!);
        }

        return false;
    }

    /// <summary>Of one file for all its names: through links in the directories of a path, too.</summary>
    private static string RealTargetOf(string path) => InputFile.RealPath(TargetOf(path));

    /// <summary>A link stays a link: its target is written, whether it exists or not.</summary>
    private static string TargetOf(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            // A pipe of this process (/dev/stdout, /proc/self/fd/1) points to a name that is not a path: pipe:[123].
            var link = new FileInfo(full);
            return link.LinkTarget is not null && link.ResolveLinkTarget(returnFinalTarget: true)?.FullName is { } target && !target.EndsWith(']') ? target : full;
        }
        catch (IOException exception)
        {
            throw new UnreadableInputException($"{path}: {exception.Message}", exception);
        }
    }

    /// <summary>
    /// True for a path that does not exist or is a regular file. A path that is still a link here points to an open file of this process, and replacing
    /// a device would break it for every process on the computer. .NET 10 does not report the type of a file; the POSIX command <c>test</c> does.
    /// </summary>
    internal static bool IsReplaceable(string path)
    {
        if (new FileInfo(path).LinkTarget is not null)
            return false;
        if (OperatingSystem.IsWindows() || !File.Exists(path))
            return true;
        // Files of the kernel look regular.
        if (path.StartsWith("/proc/", StringComparison.Ordinal) || path.StartsWith("/dev/fd/", StringComparison.Ordinal))
            return false;
        using var test = Process.Start(new ProcessStartInfo("test", ["-f", path]) { RedirectStandardOutput = true })!;
        test.WaitForExit();
        return test.ExitCode == 0;
    }
}
