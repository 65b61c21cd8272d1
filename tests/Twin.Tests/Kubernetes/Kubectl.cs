using CliWrap;
using CliWrap.Buffered;

namespace HaCluster.Twin.Tests.Kubernetes;

/// <summary>The kubectls of this machine: the one on the path, and those that HA_KUBECTL names, separated like a path.</summary>
internal sealed class Kubectl(string program, TestCluster cluster)
{
    public const string None = "none";

    private static readonly string[] Found =
    [
        .. (Environment.GetEnvironmentVariable("HA_KUBECTL") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "kubectl")).Where(File.Exists).Take(1)),
    ];

    public static TheoryData<string> Programs => [.. Found.DefaultIfEmpty(None)];

    public static void SkipWithout(string program) => Skip.If(program == None, "kubectl is not installed (Debian: kubernetes-client)");

    /// <summary>Runs it; output and errors together.</summary>
    public async Task<(int ExitCode, string Text)> RunAsync(string arguments, string? input = null)
    {
        var result = await Cli.Wrap(program).WithArguments(arguments)
            .WithEnvironmentVariables(environment => environment.Set("KUBECONFIG", cluster.Kubeconfig).Set("HOME", cluster.Folder).Set("KUBECACHEDIR", Path.Combine(cluster.Folder, "cache")))
            .WithStandardInputPipe(input is null ? PipeSource.Null : PipeSource.FromString(input))
            .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
        return (result.ExitCode, result.StandardOutput + result.StandardError);
    }

    /// <summary>Runs it and requires that it succeeds.</summary>
    public async Task<string> OkAsync(string arguments, string? input = null)
    {
        var (code, text) = await RunAsync(arguments, input);
        Assert.True(code == 0, $"kubectl {arguments} ended with {code}: {text}");
        return text;
    }
}
