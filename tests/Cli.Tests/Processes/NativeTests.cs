using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace HaCluster.Cli.Tests.Processes;

/// <summary>The program that is published for one platform: what it prints is what the one under test prints, though nothing of it is compiled as it runs.</summary>
public sealed partial class NativeTests(NativeProgram native) : IClassFixture<NativeProgram>
{
    [SkippableTheory]
    [InlineData("plan --json -")]
    [InlineData("prove --stack dev")]
    [InlineData("cost --against dev")]
    [InlineData("quota")]
    [InlineData("diff dev prod --all")]
    [InlineData("validate --stack dev")]
    [InlineData("explain zones")]
    [InlineData("schema")]
    [InlineData("plan --stak dev")]
    [InlineData("plan --stack none")]
    public void It_answers_as_the_one_that_is_compiled_as_it_runs(string arguments)
    {
        native.SkipIfMissing();
        AssertSame(arguments.Split(' '));
    }

    [SkippableFact]
    public void It_reads_manifests_alike()
    {
        native.SkipIfMissing();
        using var scratch = new Scratch();
        scratch.Write("web.yaml", """
            apiVersion: apps/v1
            kind: Deployment
            metadata: { name: web, namespace: shop }
            spec:
              replicas: 2
              selector: { matchLabels: { app: web } }
              template:
                metadata: { labels: { app: web } }
                spec:
                  containers: [{ name: web, image: "web:1", resources: { requests: { cpu: 100m, memory: 64Mi } } }]
            """);
        AssertSame("prove", "--stack", "dev", "--manifests", scratch.Path);
    }

    [SkippableFact]
    public void It_says_that_it_has_no_twin()
    {
        native.SkipIfMissing();
        var ended = native.Run("twin", "--stack", "dev");
        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.Contains("dotnet run --project infra/Cli -- twin", ended.Error, StringComparison.Ordinal);
    }

    private void AssertSame(params string[] arguments)
    {
        var (expected, actual) = (Ha.Answer(arguments), native.Run(arguments));
        Assert.Equal((expected.ExitCode, Timeless(expected.Error)), (actual.ExitCode, Timeless(actual.Error)));
        Assert.Equal(Timeless(expected.Output), Timeless(actual.Output));
    }

    private static string Timeless(string text) => Seconds().Replace(text, "in T s");

    [GeneratedRegex(@"\bin \d+(\.\d+)? s\b")]
    private static partial Regex Seconds();
}

/// <summary>The published program, away from any checkout; published once.</summary>
public sealed class NativeProgram : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly Lazy<HaResult> _published;

    public NativeProgram() => _published = new Lazy<HaResult>(Publish);

    public void SkipIfMissing()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "needs Linux");
        Skip.If(Programs.Find("gcc") is null && Programs.Find("clang") is null, "needs a compiler that links (Debian: gcc)");
        Assert.True(_published.Value.ExitCode == 0, _published.Value.Output + _published.Value.Error);
    }

    internal HaResult Run(params string[] arguments) => Ha.RunFile(_scratch.At("native/ha"), arguments);

    public void Dispose() => _scratch.Dispose();

    // With folders of its own for all that is built: other tests use those of the checkout.
    private HaResult Publish() => Ha.Shell(
        Ha.Checkout,
        $"dotnet publish infra/Cli -c {Ha.Configuration} -r {RuntimeInformation.RuntimeIdentifier} --artifacts-path '{_scratch.At("artifacts")}' -o '{_scratch.At("native")}' -nologo -v q");
}
