using System.Text.Json;
using HaCluster.Planning.Stacks;

namespace HaCluster.Cli.Tests.Processes;

/// <summary>Where output goes: a document replaces a plain file whole, and nothing else.</summary>
public sealed class OutputTests
{
    private const string Command = "validate --stack dev";

    [SkippableTheory]
    [InlineData("plan --stack dev > /dev/full", "standard output")]
    [InlineData("plan --stack dev --json > /dev/full", "standard output")]
    [InlineData("schema > /dev/full", "standard output")]
    [InlineData("--help > /dev/full", "standard output")]
    public void A_full_disk_ends_with_6_and_one_line(string command, string name)
    {
        Skip.IfNot(File.Exists("/dev/full"), "needs /dev/full");
        var result = Ha.Shell(Ha.Checkout, $"dotnet '{Ha.Assembly}' {command}");
        Assert.Equal((6, $"error: {name} cannot be written: No space left on device\n"), (result.ExitCode, result.Error));
        Assert.True(File.Exists("/dev/full"));
    }

    [SkippableFact]
    public void A_pipe_or_device_is_written_into()
    {
        Skip.IfNot(Directory.Exists("/proc/self/fd"), "needs /proc");
        using var scratch = new Scratch();
        // Not /dev/stdout itself: as root, a mistake here would replace it.
        var result = Ha.Shell(
            scratch.Path,
            $"mkfifo fifo && cat fifo > read & cd '{scratch.Path}'; until [ -p fifo ]; do sleep 0.1; done; dotnet '{Ha.Assembly}' plan -q --stack dev --settings '{Ha.Checkout}/Pulumi.dev.yaml' --json fifo && wait && [ -p fifo ]"
            + $" && ln -s /proc/self/fd/1 out && dotnet '{Ha.Assembly}' schema --out out && [ -L out ]");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.StartsWith("{", result.Output, StringComparison.Ordinal);
        using var plan = JsonDocument.Parse(File.ReadAllText(scratch.At("read")));
        Assert.Equal("dev", plan.RootElement.GetProperty("stack").GetString());
    }

    [SkippableFact]
    public void A_reader_that_exits_early_is_no_error_wherever_it_reads()
    {
        Skip.If(OperatingSystem.IsWindows(), "needs FIFOs");
        using var scratch = new Scratch();
        var result = Ha.Shell(
            Ha.Checkout, $"mkfifo '{scratch.At("fifo")}' && {{ head -c 1 '{scratch.At("fifo")}' > '{scratch.At("read")}' & }}; dotnet '{Ha.Assembly}' plan -q --stack dev --json '{scratch.At("fifo")}' && wait");
        Assert.Equal((0, "", "{"), (result.ExitCode, result.Error, File.ReadAllText(scratch.At("read"))));
    }

    [SkippableFact]
    public void A_file_is_replaced_whatever_its_name_and_by_way_of_no_name_that_others_could_guess()
    {
        Skip.If(OperatingSystem.IsWindows(), "needs symbolic links");
        using var scratch = new Scratch();
        var path = scratch.At(new string('n', 255));
        Assert.Equal(0, Ha.Answer("version", "--json", path).ExitCode);
        Assert.Equal([path], Directory.GetFileSystemEntries(scratch.Path));
        Assert.NotEqual(WholeFile.PartialOf(path), WholeFile.PartialOf(path));
    }

    [SkippableFact]
    public void A_link_stays_a_link_and_a_file_keeps_its_permissions()
    {
        Skip.If(OperatingSystem.IsWindows(), "needs symbolic links");
        using var scratch = new Scratch();
        File.CreateSymbolicLink(scratch.At("link"), "target");
        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(0, Ha.Run("schema", "--out", scratch.At("link")).ExitCode);
            Assert.Equal("target", new FileInfo(scratch.At("link")).LinkTarget);
            Assert.StartsWith("{", File.ReadAllText(scratch.At("target")), StringComparison.Ordinal);
            if (!OperatingSystem.IsWindows() && round == 0)
                File.SetUnixFileMode(scratch.At("target"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(scratch.At("target")));
        Assert.Equal(2, Directory.GetFiles(scratch.Path).Length);
    }

    [Fact]
    public void Quiet_leaves_errors_and_documents()
    {
        // A document has no room for the text.
        Assert.Contains("ha-cluster:nat is single", Ha.Answer("plan", "--stack", "dev", "--strict", "-o", "json").Error, StringComparison.Ordinal);

        var quiet = Ha.Run([.. Command.Split(' '), "--quiet"]);
        Assert.Equal((0, "", ""), (quiet.ExitCode, quiet.Output, quiet.Error));
        Assert.StartsWith("{", Ha.Run("plan", "--stack", "dev", "-q", "-o", "json").Output, StringComparison.Ordinal);
        Assert.StartsWith("error: ", Ha.Run("validate", "--stack", "nowhere", "-q").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Strict_makes_warnings_end_with_1_and_they_are_shown_once()
    {
        var shown = Ha.Answer([.. Command.Split(' '), "--strict"]);
        Assert.Equal(1, shown.ExitCode);
        Assert.Matches("^error: [0-9]+ warnings, which --strict does not allow\n\\z", shown.Error);
        Assert.Contains("ha-cluster:nat is single", shown.Output, StringComparison.Ordinal);

        var quiet = Ha.Run([.. Command.Split(' '), "--strict", "--quiet"]);
        Assert.Equal((1, ""), (quiet.ExitCode, quiet.Output));
        Assert.StartsWith(shown.Error, quiet.Error, StringComparison.Ordinal);
        Assert.Contains("ha-cluster:nat is single", quiet.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plan -o yaml", "-o yaml is not an output format")]
    [InlineData("plan -o json --json plan.json", "give one of them")]
    [InlineData("prove --strict --accept-incomplete", "contradict each other")]
    public void Contradictions_end_with_2(string arguments, string expected)
    {
        var result = Ha.Run(arguments.Split(' '));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Control_characters_of_settings_are_shown_and_not_obeyed()
    {
        using var scratch = new Scratch();
        var result = Ha.Run("validate", "--settings", scratch.Write("Pulumi.esc.yaml", "config:\n  aws:region: eu-central-1\n  \"ha-cluster:\\e]0;title\\a\": 1\n"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(@"ha-cluster:\u001b]0;title\u0007 is not a setting", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Error);
    }

    [Fact]
    public void A_long_line_is_cut_round_the_caret()
    {
        using var scratch = new Scratch();
        var tags = string.Join(", ", Enumerable.Range(0, 100).Select(number => $"name-{number}: value"));
        var result = Ha.Run("validate", "--settings", scratch.Write("Pulumi.long.yaml", $"config: {{aws:region: eu-central-1, ha-cluster:tags: {{{tags}, [a]: b}}}}\n"));
        Assert.Equal(2, result.ExitCode);
        var lines = result.Error.TrimEnd('\n').Split('\n');
        Assert.All(lines[1..], line => Assert.True(line.Length < 120, line));
        Assert.Equal('[', lines[1][lines[2].IndexOf('^', StringComparison.Ordinal)]);
    }
}
