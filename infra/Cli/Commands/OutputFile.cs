using System.CommandLine;
using HaCluster.Cli.Terminal;
using HaCluster.Planning.Stacks;
using Spectre.Console;

namespace HaCluster.Cli.Commands;

/// <summary>Where a document goes: nowhere, to a file that is replaced whole, or to standard output.</summary>
/// <param name="Path">Null for nowhere, <c>-</c> for standard output.</param>
internal sealed record OutputFile(string? Path)
{
    private const string StandardOutput = "-";

    public bool IsStandardOutput => Path == StandardOutput;

    /// <summary>Without a file it is standard output.</summary>
    public static Option<string?> Option(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "FILE|-",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = given => given.Tokens is [var path] ? path.Value : StandardOutput,
    };

    /// <summary>Said before the run, not after it.</summary>
    /// <exception cref="UnreadableInputException">It cannot be a file.</exception>
    public static OutputFile Of(string? path, string option)
    {
        if (path is null or StandardOutput)
            return new OutputFile(path);
        if (Directory.Exists(path))
            throw new UnreadableInputException($"{path} is a directory; {option} takes a file");
        if (System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path)) is not { } directory || !Directory.Exists(directory))
            throw new UnreadableInputException($"{path} cannot be written: its directory does not exist");
        return new OutputFile(path);
    }

    /// <summary>Whoever reads the file never sees half a document.</summary>
    /// <exception cref="UnreadableInputException">It cannot be written.</exception>
    public void Write(Terminals terminals, Action<Stream> write)
    {
        if (Path is null)
            return;
        if (IsStandardOutput)
        {
            using var output = new BufferedStream(terminals.OpenOutput(), 1 << 16);
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

    /// <summary>The last word of a command that wrote a file besides what it shows.</summary>
    public void Mention(IAnsiConsole console)
    {
        if (Path is not null && !IsStandardOutput)
            console.MarkupLineInterpolated($"Written: {Path}");
    }
}
