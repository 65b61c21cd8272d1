using System.Text.RegularExpressions;
using HaCluster.Cli.Commands;
using HaCluster.Cli.Running;
using HaCluster.Cli.Terminal;
using Spectre.Console.Testing;

namespace HaCluster.Cli.Tests.Processes;

/// <summary>Each mistake: one clear message on standard error, the documented exit code, no stack trace.</summary>
public sealed class BadInputTests
{
    [Theory]
    [InlineData("plna", "'ha' has no command 'plna'; did you mean 'plan'?")]
    [InlineData("plan --stak dev", "'ha plan' has no option '--stak'; did you mean '--stack'?")]
    [InlineData("--stack dev", "did you mean 'plan --stack'?")]
    [InlineData("plan extra", "'ha plan' has no argument 'extra'")]
    [InlineData("plan --stack", "--stack")]
    [InlineData("render", "--out")]
    [InlineData("plan --stack staging", "those that exist: dev, prod")]
    [InlineData("plan --stack ../dev", "cannot be the name of a stack")]
    [InlineData("plan --settings nowhere.yaml", "'nowhere.yaml' does not exist")]
    [InlineData("plan --json /nowhere/at/all.json", "its directory does not exist")]
    [InlineData("plan --json .", "is a directory")]
    [InlineData("render --out .", "--force")]
    [InlineData("render --out README.md", "is a file")]
    [InlineData("validate --quiet=true", "--quiet takes no value")]
    [InlineData("validate -q=true", "-q takes no value")]
    [InlineData("validate --strict=1", "--strict takes no value")]
    [InlineData("validate -qs dev", "'ha validate' has no option '-qs'")]
    [InlineData("schema -o json", "'ha schema' has no option '-o'; did you mean '--out'?")]
    [InlineData("completion bash --json", "'ha completion' has no option '--json'; its answer has no JSON form")]
    [InlineData("schedule @cluster", "'@cluster' is neither a directory nor a file")]
    [InlineData("plan --settings @settings", "'@settings' does not exist")]
    [InlineData("twin --name ..", "'..' cannot be the name of a twin")]
    [InlineData("prove --fix-seconds -1", "--fix-seconds takes a number from 0 to 86400, not -1")]
    [InlineData("prove --fix-seconds 86401", "--fix-seconds takes a number from 0 to 86400, not 86401")]
    [InlineData("prove --json - --picture -", "the JSON document and --picture would both be written to standard output")]
    [InlineData("prove -o json --picture", "the JSON document and --picture would both be written to standard output")]
    [InlineData("prove --json out --picture ./out", "the JSON document and --picture would both be written to out")]
    public void Wrong_usage_and_unreadable_input_end_with_2(string arguments, string expected)
    {
        using var scratch = new Scratch();
        scratch.Write("README.md", "");
        AssertEnds(2, expected, Ha.Run(scratch.Path, [], arguments.Split(' ')));
    }

    [Theory]
    [InlineData("config:\n  ha-cluster:zones: [1, 2\n  x: 3\n", ":3:")]
    [InlineData("config:\n\tha-cluster:zones: 1\n", ":2:")]
    [InlineData("config:\n  ha-cluster:tags: {a: 'x}\n", ":2:")]
    [InlineData("config:\n  aws:region: eu-central-1\nha-cluster:zones: 4\n", ":3:1: 'ha-cluster:zones' is not an entry of a stack file")]
    [InlineData("config:\n  aws:region: eu-central-1\n---\nconfig: {}\n", ":4:1: a stack file has one document")]
    public void Malformed_YAML_ends_with_2_and_names_the_line(string yaml, string place) => AssertEnds(2, "settings.yaml" + place, Settings(yaml));

    [Theory]
    [InlineData("config: {}\n", "aws:region")]
    [InlineData("config:\n  aws:region: eu-central-1\n  ha-cluster:zones: 1\n  ha-cluster:nat: sometimes\n", "ha-cluster:zones")]
    [InlineData("config:\n  aws:region: eu-central-1\n  ha-cluster:vpcCidr: 10.0.0.0/27\n", "ha-cluster:vpcCidr")]
    [InlineData("config:\n  aws:region: eu-nowhere-9\n", "eu-nowhere-9")]
    [InlineData("config:\n  aws:region: eu-central-1\n  ha-cluster:zones: 4\n", "zones")]
    [InlineData("config:\n  aws:region: {secure: AAABBB}\n", "aws:region is encrypted and cannot be read here")]
    [InlineData("config:\n  aws:region: \"eu\\e[2J\"\n  ha-cluster:nat: \"\\e[2Jx\"\n", "ha-cluster:nat is \"\\u001b[2Jx\"; ")]
    [InlineData("config:\n  aws:region: eu-central-1\n  ha-clutser:zones: 4\n", "write ha-cluster:zones")]
    [InlineData("config:\n  aws:region: eu-central-1\n  ha-cluster:edge.enabled: false\n", "`pulumi config set --path ha-cluster:edge.enabled false`")]
    [InlineData("config:\n  aws:region: eu-central-1\n  ha-cluster:objectives: {serving: {chains/bitcon: 2}}\n", "did you mean chains/bitcoin")]
    public void Settings_that_make_no_cluster_end_with_1(string yaml, string expected) => AssertEnds(1, expected, Settings(yaml));

    [Fact]
    public void All_wrong_settings_are_said_at_once_and_each_line_begins_with_its_key()
    {
        var lines = Settings("config:\n  aws:region: eu-central-1\n  ha-cluster:zones: 1\n  ha-cluster:nat: sometimes\n").Error.TrimEnd('\n').Split('\n');
        Assert.Equal(["  ha-cluster:nat", "  ha-cluster:zones"], lines.Skip(1).Select(line => line.Split(" is ")[0]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("validate --settings", ".", "'.' is a directory; --settings takes a stack file")]
    [InlineData("schedule", "/dev/zero", "/dev/zero:1:1: this is not text")]
    [InlineData("cost --prices", "/dev/zero", "/dev/zero:1:1: this is not text")]
    [InlineData("diff", "/dev/zero", "/dev/zero:1:1: this is not text")]
    [InlineData("validate --settings", "/dev/zero", "/dev/zero:1:1: this is not text")]
    [InlineData("explain", "", "'' is not a setting")]
    public void A_wrong_name_of_a_file_or_setting_is_shown_in_quotes(string command, string name, string expected) =>
        AssertEnds(2, expected, Ha.Answer([.. command.Split(' '), name]));

    [Theory]
    [InlineData(".", @"--program: '{0}' is a directory, not a program\n\z")]
    [InlineData("notes.txt", @"{0} does not check its settings \(exit code 1: [^\n]*[^.\n]\); --program takes the program of a stack, such as [^\n]*\n\z")]
    public void What_is_no_program_ends_with_3(string name, string expected)
    {
        using var scratch = new Scratch();
        scratch.Write("notes.txt", "no program");
        var program = Path.GetFullPath(scratch.At(name)).TrimEnd('/');
        var result = Ha.Answer("validate", "--program", program);
        Assert.Equal(3, result.ExitCode);
        Assert.Matches(expected.Replace("{0}", Regex.Escape(program), StringComparison.Ordinal), result.Error);
    }

    [Fact]
    public async Task An_error_that_nobody_expected_is_one_line_and_its_trace_is_kept()
    {
        using var error = new TestConsole();
        error.Profile.Width = HaInProcess.Unwrapped;
        var terminals = new Terminals(new TestConsole(), error, () => throw new InvalidOperationException("two\nlines"));
        Assert.Equal(3, await HaCommandLine.RunAsync(["version"], terminals, CancellationToken.None));
        var words = error.Output.Split(' ');
        Assert.EndsWith(": InvalidOperationException: two lines\n", error.Output, StringComparison.Ordinal);
        var trace = words.Single(word => word.EndsWith(".log:", StringComparison.Ordinal)).TrimEnd(':');
        Assert.Contains("   at ", await File.ReadAllTextAsync(trace), StringComparison.Ordinal);
        File.Delete(trace);
    }

    [Fact]
    public void An_unknown_region_is_said_once() =>
        Assert.Single(Settings("config:\n  aws:region: eu-nowhere-9\n").Error.Split('\n'), line => line.Contains("there is no AWS region", StringComparison.Ordinal));

    [Fact]
    public void The_ciphertext_of_a_setting_is_never_shown()
    {
        var result = Settings("encryptionsalt: v1:SALT\nconfig:\n  aws:region: eu-central-1\n  other:token: {secure: v1:CIPHER}\n");
        Assert.Equal(0, result.ExitCode);
        Assert.DoesNotContain("CIPHER", result.Output + result.Error, StringComparison.Ordinal);
        Assert.Contains("other:token is encrypted", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"problems": null, "warnings": []}""")]
    [InlineData("""{"problems": [null], "warnings": []}""")]
    [InlineData("""{"warnings": []}""")]
    [InlineData("valid")]
    public void An_answer_of_another_program_ends_with_3(string answer)
    {
        using var scratch = new Scratch();
        AssertEnds(3, "the program's answer about its settings is not understood: ", Ha.Answer("validate", "--program", StubProgram.Write(scratch, answer)));
    }

    [Fact]
    public async Task A_program_that_does_not_answer_is_stopped()
    {
        using var scratch = new Scratch();
        var program = StubProgram.Write(scratch, "ready", waits: true);
        var exception = await Assert.ThrowsAsync<ProgramMissingException>(() =>
            ProgramQuery.AskAsync(program, "check", new Dictionary<string, string>(), "check its settings", CancellationToken.None, TimeSpan.FromSeconds(2)));
        Assert.StartsWith($"{program} does not check its settings: it was stopped after 2 s without an answer; ", exception.Message, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("validate")]
    [InlineData("explain zones")]
    [InlineData("plan")]
    public async Task The_program_runs_with_the_dotnet_that_runs_ha(string command)
    {
        Skip.If(OperatingSystem.IsWindows(), "PATH has more to it there");
        var result = await Programs.RunAsync(Programs.Find("dotnet")!, [Ha.Assembly, .. command.Split(' ')], Ha.Checkout, new Dictionary<string, string?> { ["PATH"] = "/nowhere" });
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }

    [SkippableFact]
    public async Task Without_dotnet_the_program_cannot_start_and_that_is_said()
    {
        Skip.If(OperatingSystem.IsWindows(), "PATH has more to it there");
        // Its own executable finds the runtime by DOTNET_ROOT, which has a runtime here and no dotnet.
        using var scratch = new Scratch();
        var program = new FileInfo(Programs.Find("dotnet")!);
        var installed = Path.GetDirectoryName(program.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? program.FullName)!;
        foreach (var part in new[] { "host", "shared" })
            Directory.CreateSymbolicLink(scratch.At(part), Path.Combine(installed, part));
        var environment = new Dictionary<string, string?> { ["PATH"] = "/nowhere", ["DOTNET_ROOT"] = scratch.Path, ["DOTNET_ROOT_X64"] = null };
        var result = await Programs.RunAsync(Path.ChangeExtension(Ha.Assembly, null), ["validate", "--stack", "dev"], Ha.Checkout, environment);
        Assert.Equal(3, result.ExitCode);
        Assert.Contains(" cannot be started with dotnet: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_is_not_there_ends_with_3() => AssertEnds(3, "does not exist", Ha.Answer("plan", "--program", "nowhere.dll"));

    [Fact]
    public void A_program_that_cannot_run_ends_with_3_and_says_where_its_output_is()
    {
        using var scratch = new Scratch();
        var result = Ha.Run(Ha.Checkout, new Dictionary<string, string?> { ["TMPDIR"] = scratch.Path }, "plan", "--program", scratch.Write("broken.dll", "no assembly"));
        AssertEnds(3, "the program for stack prod failed", result);
        var path = result.Error.Split('\n').Single(line => line.StartsWith("all of its output: ", StringComparison.Ordinal))["all of its output: ".Length..];
        Assert.True(File.Exists(path), result.Error);
    }

    private static HaResult Settings(string yaml)
    {
        using var scratch = new Scratch();
        return Ha.Answer("plan", "--settings", scratch.Write("settings.yaml", yaml));
    }

    private static void AssertEnds(int exitCode, string expected, HaResult result)
    {
        Assert.True(result.ExitCode == exitCode, $"ended with {result.ExitCode}: {result.Error}");
        Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Equal("", result.Output);
    }
}
