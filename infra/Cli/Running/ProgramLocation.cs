using System.Reflection;

namespace HaCluster.Cli.Running;

/// <summary>Where the build put things, recorded in this assembly relative to itself.</summary>
internal static class ProgramLocation
{
    /// <summary>The checkout this tool was built from; null when it is no longer there.</summary>
    public static string? Checkout => Recorded("Checkout") is { } path && Directory.Exists(path) ? path : null;

    /// <summary>The program's assembly.</summary>
    /// <exception cref="ProgramMissingException">It is not there; the message says how to build it.</exception>
    public static string Find(string? chosen)
    {
        if (chosen is not null)
            return File.Exists(chosen) ? Path.GetFullPath(chosen) : throw new ProgramMissingException($"--program: {chosen} does not exist");
        var built = Recorded("StackProgram");
        return built is not null && File.Exists(built)
            ? built
            : throw new ProgramMissingException(
                $"the program is not built: {built ?? "Stack.dll"} does not exist; run: dotnet build infra/Stack");
    }

    private static string? Recorded(string key) =>
        typeof(ProgramLocation).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(entry => entry.Key == key)?.Value is { } relative
            ? Path.GetFullPath(relative, AppContext.BaseDirectory)
            : null;
}
