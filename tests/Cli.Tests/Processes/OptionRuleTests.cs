using System.CommandLine;
using System.Text.Json;
using HaCluster.Cli.Commands;
using HaCluster.Cli.Tests.Documentation;

namespace HaCluster.Cli.Tests.Processes;

/// <summary>What holds for options of every command, as the definition of the command line has them.</summary>
public sealed class OptionRuleTests
{
    private static readonly Dictionary<string, string[]> Arguments = new() { ["diff"] = ["dev"], ["schedule"] = ["cluster"] };

    private static IEnumerable<Command> Commands => DocumentedProgram.Ha.Root.Subcommands;

    public static IEnumerable<object[]> Paths =>
        Commands.SelectMany(command => command.Options.Where(option => option.HelpName is "FILE" or "DIR" or DocumentOptions.Destination).Select(option => new object[] { command.Name, option.Name }));

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_path_that_is_empty_as_of_an_unset_variable_ends_with_2(string command, string option)
    {
        foreach (var words in new string[][] { [option, ""], [$"{option}="] })
        {
            // A value that needs the sign is not in the next word.
            if (words.Length == 2 && Arguments.ContainsKey(command) && option == "--json")
                continue;
            var result = Ha.Answer([command, .. Arguments.GetValueOrDefault(command, []), .. words]);
            Assert.True(result.ExitCode == 2, $"{string.Join(' ', words)} ended with {result.ExitCode}: {result.Error}");
            Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
        }
    }

    public static IEnumerable<object[]> Needs =>
        from command in Commands
        from option in command.Options
        where NeededBy(command, option.Name).Length > 0
        select new object[] { command.Name, option.Name, NeededBy(command, option.Name) };

    [Theory]
    [MemberData(nameof(Needs))]
    public void An_option_that_says_how_another_works_is_refused_without_it(string command, string option, string needed)
    {
        string[] value = option == "--namespace" ? ["payments"] : [];
        var result = Ha.Answer([command, option, .. value]);
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith($"error: {option} needs {needed}", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_command_with_arguments_the_word_after_json_is_an_argument()
    {
        using var scratch = new Scratch();
        var (before, after) = (scratch.At("before.json"), scratch.At("after.json"));
        Assert.Equal(0, Ha.Answer("plan", "--stack", "dev", "-q", "--json", before).ExitCode);
        File.Copy(before, after);

        var result = Ha.Answer("diff", "--json", before, after);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        using (var difference = JsonDocument.Parse(result.Output))
            Assert.Equal(0, difference.RootElement.GetProperty("resources").GetArrayLength());
        Assert.Equal(File.ReadAllText(after), File.ReadAllText(before));

        var written = Ha.Answer("diff", $"--json={scratch.At("difference.json")}", before, after);
        Assert.EndsWith($"Written: {scratch.At("difference.json")}\n", written.Output, StringComparison.Ordinal);
        Assert.Contains("did you mean '--json=out.json'?", Ha.Answer("diff", before, after, "--json", "out.json").Error, StringComparison.Ordinal);
        Assert.Contains("did you mean '--json=out.json'?", Ha.Answer("diff", "--json", "out.json", before, after).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("diff {0}/before.json dev --json={0}/before.json", "before.json")]
    [InlineData("diff {0}/before.json dev --json={0}/link", "before.json")]
    [InlineData("cost --against {0}/before.json --json {0}/../{1}/before.json", "before.json")]
    [InlineData("diff {0}/before.json dev --json={0}/directory-link/before.json", "before.json")]
    [InlineData("schedule {0}/all.yaml --json={0}/all.yaml", "all.yaml")]
    [InlineData("schedule {0} --json={0}/all.yaml", "all.yaml")]
    [InlineData("plan --settings {0}/settings --json {0}/settings", "settings")]
    [InlineData("plan --json {0}/Pulumi.other.yaml", "Pulumi.other.yaml")]
    [InlineData("schema --out {0}/Pulumi.yaml", "Pulumi.yaml")]
    [InlineData("prove --manifests {0} --picture {0}/all.yaml", "all.yaml")]
    public void A_file_that_is_read_is_never_written_over(string command, string file)
    {
        using var scratch = new Scratch();
        scratch.Write(file, "kept");
        if (!OperatingSystem.IsWindows())
        {
            File.CreateSymbolicLink(scratch.At("link"), file);
            Directory.CreateSymbolicLink(scratch.At("directory-link"), scratch.Path);
        }

        var result = Ha.Answer([.. command.Split(' ').Select(word => word.Replace("{0}", scratch.Path, StringComparison.Ordinal).Replace("{1}", Path.GetFileName(scratch.Path), StringComparison.Ordinal))]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(" would replace a file that is read or belongs to a Pulumi project; ", result.Error, StringComparison.Ordinal);
        Assert.Equal("kept", File.ReadAllText(scratch.At(file)));
    }

    /// <summary>A second run writes where the first one did.</summary>
    [Fact]
    public void A_file_below_a_directory_is_read_only_with_its_subdirectories()
    {
        using var scratch = new Scratch();
        var written = scratch.Write("out/proof.json", "of an earlier run");
        scratch.Write("shop.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n");
        string[] prove = ["prove", "--stack", "dev", "--fix-seconds", "0", "--manifests", scratch.Path, "--json", written];

        Assert.Contains($"--json {written} would replace a file that is read", Ha.Answer([.. prove, "-R"]).Error, StringComparison.Ordinal);
        Assert.Equal("of an earlier run", File.ReadAllText(written));
        Assert.Equal("", Ha.Answer(prove).Error);
        if (!OperatingSystem.IsWindows())
        {
            File.CreateSymbolicLink(scratch.At("linked.json"), written);
            Assert.Contains($"--json {written} would replace a file that is read", Ha.Answer(prove).Error, StringComparison.Ordinal);
        }

        Assert.StartsWith("{", File.ReadAllText(written), StringComparison.Ordinal);
    }

    public static TheoryData<string> Documents =>
        [.. Commands.Where(command => command.Name != "images" && command.Options.Any(option => option.Name == "--json")).Select(command => command.Name)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_command_that_writes_a_document_says_where(string command)
    {
        using var scratch = new Scratch();
        string[] words = command switch
        {
            "diff" => ["dev", "dev"],
            "schedule" => [scratch.Write("node.yaml", "apiVersion: v1\nkind: Node\nmetadata: {name: a}\n")],
            "version" => [],
            "prove" => ["--stack", "dev", "--fix-seconds", "0"],
            _ => ["--stack", "dev"],
        };
        var path = scratch.At("document.json");
        var result = Ha.Answer([command, .. words, $"--json={path}"]);
        Assert.Equal("", result.Error);
        Assert.Contains($"Written: {path}\n", result.Output, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        Assert.StartsWith("hacluster.", document.RootElement.GetProperty("format").GetString(), StringComparison.Ordinal);
    }

    private static string NeededBy(Command command, string option) => option switch
    {
        "--yes" => command.Name switch { "prove" => "--fix", "quota" => "--request", _ => "--write" },
        "--write" => "--push",
        "--recursive" or "--namespace" when command.Name != "schedule" => "--manifests",
        _ => "",
    };
}
