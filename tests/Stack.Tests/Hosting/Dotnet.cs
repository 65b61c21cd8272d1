namespace HaCluster.Stack.Tests.Hosting;

/// <summary>The .NET SDK as a user or the language host of Pulumi runs it.</summary>
internal static class Dotnet
{
    /// <summary>Variables that MSBuild reads as properties of these projects.</summary>
    private static readonly string[] Settings = ["CI", "CheckCode", "Configuration", "FailOnAdvisories", "Platform", "PulumiSdk"];

    public static Task<Ended> RunAsync(string directory, IReadOnlyDictionary<string, string?> environment, params string[] arguments) =>
        Programs.RunAsync("dotnet", arguments, directory, new Dictionary<string, string?>(environment)
        {
            // Nothing that a test starts outlives it, and no settings of whoever runs the tests change what is built.
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["UseSharedCompilation"] = "false",
            ["DOTNET_CLI_UI_LANGUAGE"] = "en",
        }.Concat(Settings.Where(name => !environment.ContainsKey(name)).Select(name => KeyValuePair.Create(name, (string?)null))).ToDictionary());
}
