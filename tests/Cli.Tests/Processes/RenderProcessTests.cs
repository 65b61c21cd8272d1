namespace HaCluster.Cli.Tests.Processes;

public sealed class RenderProcessTests
{
    [Fact]
    public void Rendering_again_changes_nothing_and_another_stack_replaces_all()
    {
        using var scratch = new Scratch();
        var first = Ha.Answer("render", "--stack", "dev", "--out", scratch.At("out"));
        Assert.Equal((0, ""), (first.ExitCode, first.Error));
        var files = Directory.GetFiles(scratch.At("out"), "*.yaml").Select(Path.GetFileName).Order(StringComparer.Ordinal).ToList();
        Assert.Contains("00-namespace-payments.yaml", files);
        Assert.Contains(files, file => file!.StartsWith("20-resourcequota-payments", StringComparison.Ordinal));
        Assert.Contains("0 files written", Ha.Answer("render", "--stack", "dev", "--out", scratch.At("out")).Output, StringComparison.Ordinal);
        Assert.Equal(0, Ha.Answer("render", "--stack", "prod", "--out", scratch.At("out")).ExitCode);
    }

    [SkippableFact]
    public void Kubectl_reads_every_file()
    {
        using var scratch = new Scratch();
        Assert.Equal(0, Ha.Answer("render", "--stack", "prod", "--out", scratch.At("out")).ExitCode);
        Skip.If(Programs.Find("kubectl") is null, "kubectl is not installed (Debian: kubernetes-client)");
        var read = Ha.Shell(scratch.Path, "kubectl label --local -f out read=back -o name");
        Assert.True(read.ExitCode == 0, read.Error);
        Assert.Equal(Directory.GetFiles(scratch.At("out"), "*.yaml").Length, read.Lines.Count());
    }
}
