using System.Reflection;

namespace HaCluster.Cli.Running;

/// <summary>Where the program of the stack is: packed beside this tool, or where the build put it, recorded in this assembly relative to itself.</summary>
internal static class ProgramLocation
{
    /// <summary>The folder beside this assembly that an installed tool has; Cli.csproj packs it.</summary>
    private static readonly string PackedDirectory = Path.Combine(AppContext.BaseDirectory, "stack");

    private static readonly string Packed = Path.Combine(PackedDirectory, "Stack.dll");

    /// <summary>Where the project file is when no other is found: packed beside this tool, or the checkout it was built from; null when that is no longer there.</summary>
    public static string? Checkout => File.Exists(Packed) ? PackedDirectory : Recorded("Checkout") is { } path && Directory.Exists(path) ? path : null;

    /// <summary>Whether the project file is the packed one, which has no stack files beside it.</summary>
    public static bool IsPacked(string projectDirectory) => projectDirectory == PackedDirectory;

    /// <summary>The program that runs when no other is chosen; null when it is not there.</summary>
    public static string? Default => File.Exists(Packed) ? Packed : Recorded("StackProgram") is { } built && File.Exists(built) ? built : null;

    /// <summary>The program's assembly.</summary>
    /// <exception cref="ProgramMissingException">It is not there; the message says how to build it.</exception>
    public static string Find(string? chosen)
    {
        if (chosen is not null)
            return File.Exists(chosen) ? Path.GetFullPath(chosen) : throw new ProgramMissingException($"--program: {chosen} does not exist");
        return Default ?? throw new ProgramMissingException(
            $"the program is not built: {Recorded("StackProgram") ?? "Stack.dll"} does not exist; run: dotnet build infra/Stack");
    }

    private static string? Recorded(string key) =>
        typeof(ProgramLocation).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(entry => entry.Key == key)?.Value is { } relative
            ? Path.GetFullPath(relative, AppContext.BaseDirectory)
            : null;
}
