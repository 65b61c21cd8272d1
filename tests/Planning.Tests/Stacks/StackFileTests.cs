using System.Text;
using HaCluster.Planning.Stacks;

namespace HaCluster.Planning.Tests.Stacks;

public sealed class StackFileTests
{
    [Theory]
    [InlineData("config:\n  p:a: [1, 2\n  p:b: 3\n", ":3:")]
    [InlineData("config:\n\tp:a: 1\n", ":2:")]
    [InlineData("config:\n  p:a: \"open\n", ":2:")]
    [InlineData("config:\n  p:a: *nowhere\n", ":2:")]
    [InlineData("config:\n  p:a: 1\n  p:a: 2\n", ":3:")]
    [InlineData("config:\n  p:a: @x\n", ":2:")]
    [InlineData("config:\n - p:a\n", ":2:")]
    [InlineData("- config\n", ":1:")]
    [InlineData("config:\n  a:b:c:d: 1\n", ":2:")]
    [InlineData("config:\n  p:a: {1: x}\n", ":2:")]
    [InlineData("config:\n  p:config:a: 1\n  p:a: 1\n", ":3:")]
    public void A_mistake_is_named_with_its_line_and_the_line_is_shown(string yaml, string place)
    {
        var message = Assert.Throws<UnreadableInputException>(() => Parse(yaml)).Message;
        Assert.StartsWith("Pulumi.test.yaml" + place, message, StringComparison.Ordinal);
        Assert.Contains("^", message, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_message_points_at_the_column()
    {
        var message = Assert.Throws<UnreadableInputException>(() => Parse("config:\n  p:a: {1: x}\n")).Message;
        Assert.Equal(
            "Pulumi.test.yaml:2:9: a key must be text: quote '1'\n    2 |   p:a: {1: x}\n      |         ^",
            message);
    }

    [Fact]
    public void The_caret_is_below_its_character_after_a_tab_too()
    {
        var message = Assert.Throws<UnreadableInputException>(() => Parse("config:\n  p:a:\t{1: x}\n")).Message;
        Assert.EndsWith("    2 |   p:a:\t{1: x}\n      |       \t ^", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("日本", 4)]
    [InlineData("한글 ab", 7)]
    [InlineData("e\u0301", 1)]
    [InlineData("🚀", 2)]
    [InlineData("👩‍🚀", 2)]
    [InlineData("\u001b[2J", 9)]
    [InlineData("\u202e", 6)]
    public void The_caret_is_below_its_character_after_wide_narrow_and_escaped_ones_too(string before, int width)
    {
        var lines = Assert.Throws<UnreadableInputException>(() => Parse($"config:\n  p:a: [\"{before}\", {{1: x}}]\n")).Message.Split('\n');
        Assert.Equal("      | " + new string(' ', "  p:a: [\"".Length + width + "\", {".Length) + "^", lines[2]);
        Assert.DoesNotContain(lines[1], character => char.IsControl(character) || character == '\u202e');
    }

    [Fact]
    public void A_long_line_is_cut_between_characters()
    {
        foreach (var length in Enumerable.Range(40, 12))
        {
            var message = Assert.Throws<UnreadableInputException>(() => Parse($"config:\n  p:a: [\"{new string('-', length)}{string.Concat(Enumerable.Repeat("🚀", 60))}\", {{1: x}}, \"{string.Concat(Enumerable.Repeat("🚀", 60))}\"]\n")).Message;
            // Half a character is written as U+FFFD.
            Assert.DoesNotContain('\uFFFD', Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(message)));
            var lines = message.Split('\n');
            var shown = lines[1][(lines[1].IndexOf('|', StringComparison.Ordinal) + 2)..];
            Assert.StartsWith("...", shown, StringComparison.Ordinal);
            Assert.EndsWith("...", shown, StringComparison.Ordinal);
            var cells = shown.EnumerateRunes().TakeWhile(rune => rune.Value != '1').Sum(rune => rune.IsBmp ? 1 : 2);
            Assert.Equal("      | " + new string(' ', cells) + "^", lines[2]);
            Assert.InRange(shown.EnumerateRunes().Sum(rune => rune.IsBmp ? 1 : 2), 100, 106);
        }
    }

    [Fact]
    public void A_message_of_the_parser_begins_as_all_others() =>
        Assert.Matches("^Pulumi.test.yaml:3:[0-9]+: duplicate key", Assert.Throws<UnreadableInputException>(() => Parse("config:\n  p:a: 1\n  p:a: 2\n")).Message);

    [Fact]
    public void A_file_that_is_not_text_is_refused_where_that_shows()
    {
        using var scratch = new Scratch();
        var path = scratch.Write("Pulumi.test.yaml", "config:\n  aws:region: é\0u\n");
        Assert.StartsWith($"{path}:2:16: this is not text", Assert.Throws<UnreadableInputException>(() => StackFile.Read(path, "p")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    [InlineData("utf-32BE")]
    public void A_file_in_any_Unicode_with_a_byte_order_mark_is_read(string encoding)
    {
        using var scratch = new Scratch();
        File.WriteAllText(scratch.At("Pulumi.test.yaml"), "config:\n  p:a: é\n", Encoding.GetEncoding(encoding));
        var file = StackFile.Read(scratch.At("Pulumi.test.yaml"), "p");
        Assert.Equal(new ConfigValue.Text("é"), file.Config["p:a"]);
        Assert.Equal("config:\n  p:a: é\n", file.Text);
    }

    /// <summary>Pulumi refuses it, and a change would destroy every letter that was decoded wrongly.</summary>
    [Theory]
    [InlineData("# für\nconfig: {}\n", ":1:4: this is not valid UTF-8; save the file as UTF-8")]
    [InlineData("config:\n  p:city: Zürich\n", ":2:12: this is not valid UTF-8")]
    [InlineData("config:\n  p:city: Bogotá", ":2:16: this is not valid UTF-8")]
    public void A_file_in_another_encoding_is_refused_where_that_shows(string text, string expected) => AssertRefused(Encoding.Latin1.GetBytes(text), expected);

    [Fact]
    public void What_is_no_text_is_refused_where_it_is_whatever_stands_before_it()
    {
        AssertRefused([.. "a: \uFFFD "u8, 0xFF], ":1:6: this is not valid UTF-8");
        AssertRefused([.. "a: \uFFFF "u8, 0xFF], ":1:6: this is not valid UTF-8");
        AssertRefused([.. Encoding.UTF8.Preamble, .. "ab"u8, 0], ":1:3: this is not text: it has a NUL character here");
        AssertRefused([.. Encoding.UTF8.Preamble, .. "ab"u8, 0xFF], ":1:3: this is not valid UTF-8");
    }

    [Fact]
    public void Half_a_character_of_UTF_16_is_refused_where_it_is()
    {
        byte[] before = [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("config:\n  p:city: é")];
        AssertRefused([.. before, 0x00, 0xD8, .. Encoding.Unicode.GetBytes("x\n")], ":2:12: this is not valid UTF-16");
        AssertRefused([.. before, 0x0A], ":2:12: this is not valid UTF-16");
    }

    private static void AssertRefused(byte[] content, string expected)
    {
        using var scratch = new Scratch();
        File.WriteAllBytes(scratch.At("Pulumi.test.yaml"), content);
        Assert.StartsWith(scratch.At("Pulumi.test.yaml") + expected, Assert.Throws<UnreadableInputException>(() => StackFile.Read(scratch.At("Pulumi.test.yaml"), "p")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_any_stack_file_the_message_says_where_to_go()
    {
        using var scratch = new Scratch();
        var project = ProjectFile.Read(scratch.Write("Pulumi.yaml", "name: p\nruntime: dotnet\n"));
        Assert.EndsWith("change to the directory of the project (cd), or name a file: --settings FILE", Assert.Throws<UnreadableInputException>(() => StackFile.ForStack(project, "prod")).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(scratch.At("Pulumi.prod.yaml"));
        Assert.Contains("is a directory", Assert.Throws<UnreadableInputException>(() => StackFile.ForStack(project, "prod")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("config:\n")]
    [InlineData("encryptionsalt: v1:abc\n")]
    [InlineData("\uFEFFconfig:\r\n")]
    public void A_file_may_hold_no_settings(string yaml) => Assert.Empty(Parse(yaml).Config);

    [Fact]
    public void Keys_without_a_namespace_belong_to_the_project() =>
        Assert.Equal(["aws:region", "p:old", "p:zones"], Parse("config:\n  zones: 3\n  aws:region: eu-central-1\n  p:config:old: x\n").Config.Keys);

    [Fact]
    public void What_Pulumi_keeps_for_its_encryption_is_ignored() => Assert.Equal(
        ["Pulumi.test.yaml:4: 'environment' is resolved by Pulumi Cloud only; its values are missing here"],
        Parse("encryptionsalt: x\nsecretsprovider: awskms://k\nencryptedkey: y\nenvironment: [e]\n").Warnings.AsEnumerable());

    [Fact]
    public void Entries_that_Pulumi_would_ignore_are_refused_all_at_once()
    {
        var message = Assert.Throws<UnreadableInputException>(() => Parse("confg:\n  p:a: 1\np:zones: 3\nencryptionsalt: x\nsites: {}\n")).Message;
        Assert.Contains("Pulumi.test.yaml:1:1: 'confg' is not an entry of a stack file, and Pulumi would ignore it; did you mean 'config'?", message, StringComparison.Ordinal);
        Assert.Contains("Pulumi.test.yaml:3:1: 'p:zones' is not an entry of a stack file, and Pulumi would ignore it; indent it below 'config:'", message, StringComparison.Ordinal);
        Assert.Contains("Pulumi.test.yaml:5:1: 'sites' is not an entry of a stack file, and Pulumi would ignore it; settings are written below 'config:'", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("config:\n  p:a: 1\n---\nconfig:\n  p:b: 2\n")]
    [InlineData("---\n---\nconfig:\n  p:b: 2\n")]
    [InlineData("config:\n  p:a: 1\n---\n- x\n")]
    public void A_further_document_is_refused(string yaml) =>
        Assert.Contains("a stack file has one document", Assert.Throws<UnreadableInputException>(() => Parse(yaml)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("---\nconfig:\n  p:a: 1\n")]
    [InlineData("config:\n  p:a: 1\n---\n")]
    [InlineData("# first\n---\nconfig:\n  p:a: 1\n...\n")]
    public void A_separator_alone_is_not_a_document(string yaml) => Assert.Equal(["p:a"], Parse(yaml).Config.Keys);

    [Fact]
    public void A_version_that_YAML_shortens_is_warned_of() =>
        Assert.Contains("1.30 is a number", Assert.Single(Parse("config:\n  p:version: 1.30\n").Warnings), StringComparison.Ordinal);

    [Fact]
    public void A_file_that_unfolds_without_end_is_refused()
    {
        var yaml = "config:\n  p:a: &l0 [x, x, x, x, x, x, x, x, x, x]\n"
            + string.Concat(Enumerable.Range(1, 9).Select(level => $"  p:k{level}: &l{level} [{string.Join(", ", Enumerable.Repeat("*l" + (level - 1), 10))}]\n"));
        Assert.Contains("expand", Assert.Throws<UnreadableInputException>(() => Parse(yaml)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_ciphertext_of_a_secret_is_nowhere_in_what_was_read()
    {
        var file = Parse("encryptionsalt: v1:SALT\nconfig:\n  p:a:\n    secure: v1:CIPHER\n  p:b: {c: [{secure: v1:CIPHER}]}\n");
        Assert.DoesNotContain("CIPHER", file.ToString() + string.Concat(file.Config), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_stack_lists_those_that_exist()
    {
        using var scratch = new Scratch();
        var project = ProjectFile.Read(scratch.Write("Pulumi.yaml", "name: p\nruntime: dotnet\n"));
        scratch.Write("Pulumi.prod.yaml", "");
        scratch.Write("Pulumi.dev.yml", "");
        scratch.Write("Pulumi.yaml.bak", "");
        var message = Assert.Throws<UnreadableInputException>(() => StackFile.ForStack(project, "staging")).Message;
        Assert.EndsWith("those that exist: dev, prod", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../prod")]
    [InlineData("a b")]
    [InlineData("")]
    public void A_stack_name_is_no_path(string name)
    {
        using var scratch = new Scratch();
        var project = ProjectFile.Read(scratch.Write("Pulumi.yaml", "name: p\nruntime: dotnet\n"));
        Assert.Contains("cannot be the name", Assert.Throws<UnreadableInputException>(() => StackFile.ForStack(project, name)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/x/Pulumi.dev.yaml", "dev")]
    [InlineData("Pulumi.a.b.yml", "a.b")]
    [InlineData("settings.yaml", null)]
    [InlineData("Pulumi.yaml", null)]
    public void A_settings_file_can_name_its_stack(string path, string? stack) => Assert.Equal(stack, StackFile.StackNamedBy(path));

    private static StackFile Parse(string yaml) => StackFile.Parse(YamlFile.Parse("Pulumi.test.yaml", yaml), "p");
}
