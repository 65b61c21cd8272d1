using System.Runtime.CompilerServices;
using Snapshooter.Xunit;

namespace HaCluster.Cli.Tests.Views;

/// <summary>What a person sees, to the letter: compared with a file of the test's name in <c>__snapshots__</c> beside it. tests/README.md says how to write it anew.</summary>
internal static class Shown
{
    private const string StrictMode = "SNAPSHOOTER_STRICT_MODE";

    public static void Match(IEnumerable<string> lines) => Match(string.Join('\n', lines));

    public static void Match(string text) => Snapshot.Match(text);

    /// <param name="name">Of a case of the test.</param>
    public static void Match(string text, string name) => Snapshot.Match(text, name);

    /// <summary>Without a file a test fails, unless asked to write it: else a test whose file was forgotten would always pass.</summary>
    [ModuleInitializer]
    internal static void BeStrict()
    {
        if (Environment.GetEnvironmentVariable(StrictMode) is null)
            Environment.SetEnvironmentVariable(StrictMode, "true");
    }
}
