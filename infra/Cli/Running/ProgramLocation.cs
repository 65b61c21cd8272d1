using System.Reflection;

namespace HaCluster.Cli.Running;

/// <summary>Finds the program of the stack: packed beside this tool, or at the path that the build recorded in this assembly.</summary>
internal static class ProgramLocation
{
    /// <summary>The directory beside this assembly in an installed tool; Cli.csproj packs it.</summary>
    private static readonly string PackedDirectory = Path.Combine(AppContext.BaseDirectory, "stack");

    private static readonly string Packed = Path.Combine(PackedDirectory, "Stack.dll");

    /// <summary>
    /// The fallback for the project file: packed beside this tool, or the checkout that it was built from; null when that no longer exists.
    /// </summary>
    public static string? Checkout => File.Exists(Packed) ? PackedDirectory : Recorded("Checkout") is { } path && Directory.Exists(path) ? path : null;

    /// <summary>Whether the project file is the packed one, which has no stack files beside it.</summary>
    public static bool IsPacked(string projectDirectory) => projectDirectory == PackedDirectory;

    /// <summary>The default program; null when it does not exist.</summary>
    public static string? Default => File.Exists(Packed) ? Packed : Recorded("StackProgram") is { } built && File.Exists(built) ? built : null;

    /// <summary>The program's assembly.</summary>
    /// <exception cref="ProgramMissingException">It does not exist; the message says how to build it.</exception>
    public static string Find(string? chosen)
    {
        if (chosen is not null)
            return File.Exists(chosen) ? Path.GetFullPath(chosen) : throw new ProgramMissingException($"--program: '{chosen}' {(Directory.Exists(chosen) ? "is a directory, not a program" : "does not exist")}");
        return Default ?? throw new ProgramMissingException(
            $"the program is not built: {Recorded("StackProgram") ?? "Stack.dll"} does not exist; run: dotnet build infra/Stack");
    }

    private static string? Recorded(string key) =>
        typeof(ProgramLocation).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(entry => entry.Key == key)?.Value is { } relative
            ? Path.GetFullPath(relative, AppContext.BaseDirectory)
            : null;
}
