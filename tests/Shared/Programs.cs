using CliWrap;
using CliWrap.Buffered;

namespace HaCluster.Tests.Shared;

/// <summary>How a program ended, and what it printed.</summary>
internal sealed record Ended(int ExitCode, string Output, string Error)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>All that it printed.</summary>
    public string Text => Output + Error;
}

/// <summary>Other programs, found and run to their end.</summary>
internal static class Programs
{
    /// <summary>Only for a hang: far longer than anything takes on a busy machine.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    /// <summary>Path of a program on the PATH or where servers are; null when it is not installed.</summary>
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Concat(["/usr/sbin", "/usr/bin"])
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? $"{name}.exe" : name))
        .FirstOrDefault(File.Exists);

    /// <summary>Runs a program; its standard input is empty unless given.</summary>
    /// <param name="environment">Variables beside those of this process; null takes one away.</param>
    /// <exception cref="OperationCanceledException">It hangs, and was ended with all that it started.</exception>
    public static async Task<Ended> RunAsync(
        string program, IEnumerable<string> arguments, string? directory = null, IReadOnlyDictionary<string, string?>? environment = null, string input = "")
    {
        using var limit = new CancellationTokenSource(Limit);
        var result = await Describe(program, arguments, directory, environment).WithStandardInputPipe(PipeSource.FromString(input))
            .ExecuteBufferedAsync(limit.Token).ConfigureAwait(false);
        return new Ended(result.ExitCode, result.StandardOutput, result.StandardError);
    }

    internal static Command Describe(string program, IEnumerable<string> arguments, string? directory, IReadOnlyDictionary<string, string?>? environment) =>
        global::CliWrap.Cli.Wrap(program)
            .WithArguments(arguments)
            .WithWorkingDirectory(directory ?? Directory.GetCurrentDirectory())
            .WithEnvironmentVariables(environment ?? new Dictionary<string, string?>())
            .WithValidation(CommandResultValidation.None);
}
