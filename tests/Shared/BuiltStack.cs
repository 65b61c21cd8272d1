namespace HaCluster.Tests.Shared;

/// <summary>The program of the stack, in the folder that it is built into. In that of a test packages are missing that ASP.NET Core, which only the test has, contains.</summary>
internal static class BuiltStack
{
    /// <summary>.../infra/Stack/bin/CONFIGURATION/FRAMEWORK, beside .../tests/NAME/bin/CONFIGURATION/FRAMEWORK/.</summary>
    public static string Directory { get; } = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "../../../../../infra/Stack/bin", Path.GetRelativePath(Path.Combine(AppContext.BaseDirectory, "../.."), AppContext.BaseDirectory)));

    public static string Program { get; } = Path.Combine(Directory, "Stack.dll");
}
