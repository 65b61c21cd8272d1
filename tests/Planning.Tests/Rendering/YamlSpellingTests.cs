using System.Collections.Immutable;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using HaCluster.Engine.Values;
using HaCluster.Planning.Rendering;
using HaCluster.Planning.Stacks;
using HaCluster.Planning.Tests.Graphs;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace HaCluster.Planning.Tests.Rendering;

/// <summary>Whatever a string looks like, every reader of the rendered YAML gets that string back.</summary>
public sealed class YamlSpellingTests
{
    private static readonly string[] Awkward =
    [
        "", " ", "~", "null", "Null", "NULL", "true", "True", "FALSE", "yes", "Yes", "NO", "on", "Off", "y", "N", "=", "<<", "-", "--", "---", "...", "?", ":", "#",
        "0", "1", "-1", "+1", "01", "007", "0o17", "0x1F", "0b1", "1_000", "1.0", "1.", ".5", "1e3", "1E3", "12E", "1e+21", ".inf", "-.INF", ".nan", "inf", "NaN",
        "12:30", "12:30:45", "190:20:30", "2001-01-01", "2001-12-14t21:59:43.10-05:00", "500m", "16Gi", "3Mi", "1.34", "10.0.0.0/16", "a: b", "a:b", "a:", ":a",
        "a #b", "a#b", "#a", "@a", "`a", "%a", "&a", "*a", "!a", "|", ">", "[a]", "{a}", "a, b", "'a'", "\"a\"", "a'b", "a\"b", "a\\b", "a\tb", "\ta", " a", "a ",
        "a  b", "é", "日本", "😀", "a\u0085b", "a\u2028b", "\uFEFFa", "\u0000", "\u0007", "\u001b[0m", "\r\n", "a\rb", "{{ .Values.x }}", "$(VAR)", "arn:aws:iam::1:role/x",
        "line\nline", "line\n", "line\n\n", "\nline", "\n", "\n\n", " line\nline", "line\n  deeper\nline\n", "\n  line\n", "   \nline", "line \nline", "line\n\tline\n",
        "\tline\nline", "#!/bin/sh\nset -e\n", "a: b\nc: [d]\n", "---\na\n...\n", "no newline\n\n\nat end", "x\n ", "x\n \n", "a\u2028b\nc",
    ];

    public static TheoryData<string> AwkwardTexts => [.. Awkward];

    [Theory]
    [MemberData(nameof(AwkwardTexts))]
    public void An_awkward_text_survives_as_value_key_and_list_item(string text) => AssertSurvives(text);

    [Property(MaxTest = 500)]
    public Property Any_text_survives() =>
        Prop.ForAll(Gen.Elements(Awkward.Concat(["a", "b ", "\n", ":", "-", "1", "\"", "\\"]).ToArray()).ListOf().Select(string.Concat).ToArbitrary(), AssertSurvives);

    [Theory]
    [InlineData(3, "3")]
    [InlineData(-0.5, "-0.5")]
    [InlineData(100000000000000000d, "100000000000000000")]
    [InlineData(1e21, "1e+21")]
    public void Numbers_are_written_as_Kubernetes_expects_them(double number, string expected) =>
        Assert.Equal($"a: {expected}\n", YamlWriter.Write(Values.Entries(new { a = number })));

    [Theory]
    [InlineData("500m", "500m")]
    [InlineData("16Gi", "16Gi")]
    [InlineData("gp3", "gp3")]
    [InlineData("kube-system", "kube-system")]
    [InlineData("repo.example/app:1.2", "repo.example/app:1.2")]
    [InlineData("1.34", "\"1.34\"")]
    [InlineData("1e3", "\"1e3\"")]
    [InlineData("on", "\"on\"")]
    [InlineData("12:30:45", "\"12:30:45\"")]
    [InlineData("0777", "\"0777\"")]
    [InlineData("", "\"\"")]
    public void Quotes_are_where_they_are_needed_and_only_there(string text, string expected) =>
        Assert.Equal($"a: {expected}\n", YamlWriter.Write(Values.Entries(new { a = text })));

    [SkippableFact]
    public async Task Kubectl_reads_every_text_as_it_was_meant()
    {
        using var scratch = new Scratch();
        var data = Awkward.Select((text, index) => (Key: $"k{index:000}", Text: text))
            .Where(entry => !entry.Text.Contains('\u0000', StringComparison.Ordinal))
            .ToImmutableSortedDictionary(entry => entry.Key, entry => (PropertyValue)new PropertyValue.Text(entry.Text), StringComparer.Ordinal);
        var path = scratch.Write("config.yaml", YamlWriter.Write(Values.Entries(new
        {
            apiVersion = "v1",
            kind = "ConfigMap",
            metadata = new { name = "awkward", @namespace = "default" },
            data = new PropertyValue.Map(data),
        })));
        using var read = JsonDocument.Parse(await KubectlAsync("label", "--local", "-f", path, "read=back", "-o", "json"));
        foreach (var (key, value) in data)
            Assert.Equal(((PropertyValue.Text)value).Value, read.RootElement.GetProperty("data").GetProperty(key).GetString());
    }

    private static async Task<string> KubectlAsync(params string[] arguments)
    {
        Skip.If(Programs.Find("kubectl") is null, "kubectl is not installed (Debian: kubernetes-client)");
        var ended = await Programs.RunAsync("kubectl", arguments);
        Assert.True(ended.Succeeded, ended.Error);
        return ended.Output;
    }

    private static void AssertSurvives(string text)
    {
        var yaml = YamlWriter.Write(Values.Entries(new Dictionary<string, object?>
        {
            ["value"] = text,
            ["list"] = new object[] { text, new object[] { text }, new Dictionary<string, object?> { ["in"] = text, ["other"] = 1 } },
            ["map"] = new Dictionary<string, object?> { [text] = new Dictionary<string, object?> { ["deep"] = text } },
            ["z"] = "end",
        }));
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        var root = (YamlMappingNode)stream.Documents[0].RootNode;
        Assert.Equal(["list", "map", "value", "z"], root.Children.Keys.Select(key => key.ToString()));
        AssertIs(text, root["value"]);
        var list = (YamlSequenceNode)root["list"];
        AssertIs(text, list[0]);
        AssertIs(text, list[1][0]);
        AssertIs(text, list[2]["in"]);
        var entry = ((YamlMappingNode)root["map"]).Children.Single();
        AssertIs(text, entry.Key);
        AssertIs(text, entry.Value["deep"]);
    }

    private static void AssertIs(string text, YamlNode node)
    {
        var scalar = Assert.IsType<YamlScalarNode>(node);
        Assert.Equal(text, scalar.Value);
        if (scalar.Style == ScalarStyle.Plain)
            Assert.IsType<ConfigValue.Text>(YamlScalarResolver.Resolve(text));
    }
}
