using HaCluster.Cli.Images;
using HaCluster.Cli.Tests.Processes;
using HaCluster.Planning.Stacks;

namespace HaCluster.Cli.Tests.Images;

/// <summary>What <c>ha images</c> says before it builds anything.</summary>
public sealed class ImagesUsageTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("images --write", "--write needs --push")]
    [InlineData("images --yes", "--yes needs --write")]
    [InlineData("images --push ghcr.io/team --write", "add --yes to write without asking")]
    [InlineData("images --push https://ghcr.io/team", "without a scheme")]
    [InlineData("images --push ghcr.io/team --write --yes --stack nowhere", "there is no stack 'nowhere'")]
    [InlineData("images --archive README.md", "--archive: README.md cannot be created")]
    public void Wrong_usage_ends_with_2_before_anything_is_built(string arguments, string expected)
    {
        var result = Ha.Run(Ha.Checkout, [], arguments.Split(' '));
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Without_a_directory_for_temporary_files_it_ends_with_6()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "images are built on Linux");
        var result = Ha.Run(Ha.Checkout, new Dictionary<string, string?> { ["TMPDIR"] = _scratch.At("nowhere") }, "images");
        Assert.Equal(
            (6, $"error: no temporary directory can be created in {_scratch.At("nowhere")}/: no file can be created there; set TMPDIR to a writable directory with free space\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public void Away_from_a_checkout_it_says_where_to_run_it()
    {
        var exception = Assert.Throws<UnreadableInputException>(() => ServiceProjects.Find(_scratch.Path, fallback: null));
        Assert.Contains($"no {Path.Combine("infra", "Services")} in {_scratch.Path}", exception.Message, StringComparison.Ordinal);
        Directory.CreateDirectory(_scratch.At("infra/Services"));
        Assert.Contains("has no project of a service", Assert.Throws<UnreadableInputException>(() => ServiceProjects.Find(_scratch.Path, fallback: null)).Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Without_the_SDK_it_ends_with_3()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "needs Linux");
        // What somebody has who installed the runtime only.
        var program = new FileInfo(Programs.Find("dotnet")!);
        var installed = Path.GetDirectoryName(program.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? program.FullName)!;
        File.Copy(Path.Combine(installed, "dotnet"), _scratch.At("dotnet"));
        foreach (var part in new[] { "host", "shared" })
            Directory.CreateSymbolicLink(_scratch.At(part), Path.Combine(installed, part));
        var result = await Programs.RunAsync(_scratch.At("dotnet"), [Ha.Assembly, "images"], Ha.Checkout);
        Assert.Equal(3, result.ExitCode);
        Assert.StartsWith("error: the .NET SDK is missing, or its version is not the one that global.json names", result.Error, StringComparison.Ordinal);
    }
}
