using System.Text.Json;

namespace HaCluster.Cli.Tests.Processes;

/// <summary><c>ha prove</c> as a person, a pipeline and a mistaken person run it.</summary>
public sealed class ProveProcessTests
{
    /// <summary>On a busy machine, too: time decides no test.</summary>
    private const string AmpleSeconds = "300";

    [Fact]
    public void Prod_holds_and_says_so_in_a_document()
    {
        var result = Ha.Answer("prove", "--json", "-");
        Assert.Equal(0, result.ExitCode);
        using var proof = JsonDocument.Parse(result.Output);
        Assert.Equal("hacluster.proof/3", proof.RootElement.GetProperty("format").GetString());
        Assert.Equal("holds", proof.RootElement.GetProperty("verdict").GetString());
        Assert.Equal(0, proof.RootElement.GetProperty("violations").GetArrayLength());
    }

    [Fact]
    public void Dev_fails_with_reasons_and_fixes_that_the_program_accepts()
    {
        var result = Ha.Answer("prove", "--stack", "dev", "--fix-seconds", AmpleSeconds);
        Assert.Equal(4, result.ExitCode);
        Assert.Contains("change nat from single to perZone: fixes", result.Output, StringComparison.Ordinal);
        Assert.Contains("change nodePools.system.min from 2 to 4, change nodePools.system.max from 3", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("not usable", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Assumptions", result.Output, StringComparison.Ordinal);
        Assert.Contains("examples/runbooks/proof/routes.md", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Manifests_are_proved_on_the_cluster()
    {
        var directory = Directory.CreateTempSubdirectory("ha-manifests-");
        try
        {
            File.WriteAllText(Path.Combine(directory.FullName, "lonely.yaml"), """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: lonely, namespace: payments}
                spec:
                  replicas: 1
                  selector: {matchLabels: {app: lonely}}
                  template:
                    metadata: {labels: {app: lonely}}
                    spec:
                      containers:
                      - {name: app, image: "docker.io/library/nginx:1.29"}
                """);
            var result = Ha.Answer("prove", "--manifests", directory.FullName);
            Assert.Equal(4, result.ExitCode);
            Assert.Contains("payments/lonely", result.Output, StringComparison.Ordinal);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void With_only_a_region_set_everything_holds()
    {
        using var scratch = new Scratch();
        var result = Ha.Answer("prove", "--settings", scratch.Write("Pulumi.fresh.yaml", "config:\n  aws:region: eu-central-1\n"), "--explain");
        Assert.Contains("proof: holds", result.Output, StringComparison.Ordinal);
        Assert.Contains("platform/velero may be down while it is rescheduled (objective 0, by default)", Unwrapped(result.Output), StringComparison.Ordinal);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void Every_fix_of_dev_is_written_accepted_by_the_plan_and_holds()
    {
        using var scratch = new Scratch();
        var original = File.ReadAllText(Path.Combine(Ha.Checkout, "Pulumi.dev.yaml"));
        var settings = scratch.Write("Pulumi.dev.yaml", original);
        var asked = Ha.Answer("prove", "--settings", settings, "--fix");
        Assert.Equal(2, asked.ExitCode);
        Assert.Contains("standard input is not a terminal", asked.Error, StringComparison.Ordinal);
        Assert.Equal(original, File.ReadAllText(settings));

        var written = Ha.Answer("prove", "--settings", settings, "--fix", "--yes", "--fix-seconds", AmpleSeconds);
        Assert.Contains("+       min: 4", written.Output, StringComparison.Ordinal);
        var changed = File.ReadAllText(settings);
        Assert.Equal(Comments(original), Comments(changed));
        Assert.Contains("ha-cluster:nat: perZone", changed, StringComparison.Ordinal);
        Assert.Equal(0, Ha.Answer("plan", "--settings", settings).ExitCode);

        // What is left can only be accepted, one by one.
        using (var left = JsonDocument.Parse(Ha.Answer("prove", "--settings", settings, "--json", "--fix-seconds", AmpleSeconds).Output))
        {
            Assert.All(left.RootElement.GetProperty("fixes").EnumerateArray(), fix => Assert.Equal("accept", fix.GetProperty("kind").GetString()));
            Assert.Equal(1, left.RootElement.GetProperty("violations").GetArrayLength());
        }

        Assert.Equal(0, Ha.Answer("prove", "--settings", settings, "--fix", "1", "--yes", "--fix-seconds", AmpleSeconds).ExitCode);
        Assert.Equal(0, Ha.Answer("plan", "--settings", settings).ExitCode);
        Assert.Equal([settings], Directory.GetFiles(scratch.Path));

        static IEnumerable<string> Comments(string text) => text.Split('\n').Where(line => line.Contains('#', StringComparison.Ordinal));
    }

    /// <summary>Whatever the file is encoded in, it stays so, and so does every letter of its comments.</summary>
    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    public void A_fix_keeps_the_encoding_of_the_file(string name)
    {
        using var scratch = new Scratch();
        var encoding = System.Text.Encoding.GetEncoding(name);
        var original = "# für Zürich\n" + File.ReadAllText(Path.Combine(Ha.Checkout, "Pulumi.dev.yaml"));
        File.WriteAllText(scratch.At("Pulumi.dev.yaml"), original, encoding);
        _ = Ha.Answer("prove", "--settings", scratch.At("Pulumi.dev.yaml"), "--fix", "1", "--yes", "--fix-seconds", AmpleSeconds);
        var changed = File.ReadAllBytes(scratch.At("Pulumi.dev.yaml"));
        Assert.StartsWith(Convert.ToHexString([.. encoding.Preamble, .. encoding.GetBytes("# für Zürich\n")]), Convert.ToHexString(changed), StringComparison.Ordinal);
        Assert.NotEqual(original, File.ReadAllText(scratch.At("Pulumi.dev.yaml"), encoding));
    }

    /// <summary>As <c>--settings &lt;(sops -d FILE)</c> gives it, which can be read once.</summary>
    [SkippableFact]
    public async Task Settings_that_come_through_a_pipe_are_proved_and_never_written()
    {
        Skip.If(OperatingSystem.IsWindows(), "needs a FIFO");
        using var scratch = new Scratch();
        var pipe = scratch.At("Pulumi.dev.yaml");
        Assert.Equal(0, Ha.Shell(scratch.Path, "mkfifo Pulumi.dev.yaml").ExitCode);
        foreach (var (expected, arguments) in new (int, string[])[] { (4, ["--fix-seconds", AmpleSeconds]), (2, ["--fix", "--yes"]) })
        {
            // Opening it blocks until it is read.
            var writing = Task.Run(() => File.WriteAllTextAsync(pipe, File.ReadAllText(Path.Combine(Ha.Checkout, "Pulumi.dev.yaml"))));
            var result = Ha.Answer(["prove", "--settings", pipe, .. arguments]);
            await writing;
            Assert.True(result.ExitCode == expected, result.Output + result.Error);
            Assert.Contains(expected == 2 ? $"{pipe} is not a regular file, so it cannot be changed" : "change nat from single to perZone: fixes", result.Output + result.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("zero", "--fix takes the number of a fix")]
    [InlineData("99", "there is no fix 99")]
    public void A_fix_that_is_not_there_writes_nothing(string number, string message)
    {
        using var scratch = new Scratch();
        var original = File.ReadAllText(Path.Combine(Ha.Checkout, "Pulumi.dev.yaml"));
        var settings = scratch.Write("Pulumi.dev.yaml", original);
        var result = Ha.Answer("prove", "--settings", settings, "--yes", "--fix", number, "--fix-seconds", AmpleSeconds);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Equal(original, File.ReadAllText(settings));
    }

    [Fact]
    public void What_is_not_understood_makes_the_proof_incomplete_with_an_exit_code_of_its_own()
    {
        using var scratch = new Scratch();
        scratch.Write("queue.yaml", """
            apiVersion: argoproj.io/v1alpha1
            kind: Rollout
            metadata: {name: web, namespace: payments}
            spec:
              replicas: 3
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  containers:
                  - {name: app, image: "docker.io/library/nginx:1.29"}
            """);
        var result = Ha.Answer("prove", "--manifests", scratch.Path);
        Assert.Contains("proof: incomplete", result.Output, StringComparison.Ordinal);
        Assert.Equal(5, result.ExitCode);
        var accepted = Ha.Answer("prove", "--manifests", scratch.Path, "--accept-incomplete");
        Assert.Contains("proof: incomplete", accepted.Output, StringComparison.Ordinal);
        Assert.Equal(0, accepted.ExitCode);
    }

    [Fact]
    public void Directories_below_are_named_and_read_on_request()
    {
        using var scratch = new Scratch();
        const string Settings = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: payments}\n";
        scratch.Write("settings.yaml", Settings);
        scratch.Write("more/other.yaml", Settings.Replace("name: settings", "name: other", StringComparison.Ordinal));
        var own = Ha.Answer("prove", "--manifests", scratch.Path);
        Assert.Contains("directory more", own.Output, StringComparison.Ordinal);
        Assert.Equal(5, own.ExitCode);
        Assert.Equal(0, Ha.Answer("prove", "--manifests", scratch.Path, "-R").ExitCode);
    }

    [Fact]
    public void A_picture_is_written_beside_the_document()
    {
        using var scratch = new Scratch();
        var (proof, picture) = (scratch.At("proof.json"), scratch.At("zone.svg"));
        var result = Ha.Answer("prove", "--stack", "dev", "--fix-seconds", "0", "--json", proof, "--picture", picture);
        Assert.Equal((4, ""), (result.ExitCode, result.Error));
        Assert.EndsWith($"\nWritten: {proof}\nWritten: {picture}\n", result.Output, StringComparison.Ordinal);
        Assert.StartsWith("<svg ", File.ReadAllText(picture), StringComparison.Ordinal);
        Assert.StartsWith("<svg ", Ha.Answer("prove", "--stack", "dev", "--fix-seconds", "0", "--picture").Output, StringComparison.Ordinal);
    }

    /// <summary>Without the line breaks of the layout.</summary>
    private static string Unwrapped(string output) => string.Join(' ', output.Split(['\n', ' '], StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public void A_directory_that_is_not_there_is_named() =>
        Assert.Equal(2, Ha.Answer("prove", "--manifests", "no-such-directory").ExitCode);
}
