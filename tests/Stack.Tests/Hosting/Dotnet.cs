using CliWrap;
using CliWrap.Buffered;

namespace HaCluster.Stack.Tests.Hosting;

/// <summary>The .NET SDK as a user or the language host of Pulumi runs it.</summary>
internal static class Dotnet
{
    /// <summary>Long enough for a busy machine; a hang must end.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    public static async Task<BufferedCommandResult> RunAsync(string directory, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        using var limit = new CancellationTokenSource(Limit);
        return await Cli.Wrap("dotnet")
            .WithArguments(arguments)
            .WithWorkingDirectory(directory)
            // Nothing that a test starts outlives it, and no settings of whoever runs the tests change what is built.
            .WithEnvironmentVariables(variables => variables
                .Set("MSBUILDDISABLENODEREUSE", "1").Set("UseSharedCompilation", "false").Set("DOTNET_CLI_UI_LANGUAGE", "en")
                .Set("PulumiSdk", null).Set("FailOnAdvisories", null)
                .Set(environment))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(limit.Token);
    }
}
