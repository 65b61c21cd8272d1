using System.Collections.Frozen;
using System.Text.RegularExpressions;
using HaCluster.Stack.Logging.Agent;

namespace HaCluster.Workloads.Tests.Logging;

/// <summary>
/// Fluent Bit itself is in none of the package feeds that are at hand, so these are no proof that it starts: they read the classic format by its
/// documented rules and hold every key against the documented ones.
/// </summary>
public partial class FluentBitConfigTests
{
    private static readonly (string Text, string Section, FrozenSet<string> Keys)[] Parts =
    [
        (FluentBitConfig.Service().ToString(), "SERVICE", FluentBitKeys.Service),
        (FluentBitConfig.Input(SetupDocuments.Settings.Agent).ToString(), "INPUT", FluentBitKeys.Tail),
        (FluentBitConfig.Filter().ToString(), "FILTER", FluentBitKeys.Kubernetes),
        (FluentBitConfig.Output(SetupDocuments.Settings.Agent, "vpc-search.example", "eu-central-1").ToString(), "OUTPUT", FluentBitKeys.OpenSearch),
    ];

    [Fact]
    public void Every_section_is_one_of_its_kind_with_documented_keys_and_values() => Assert.All(Parts, part =>
    {
        var lines = part.Text.TrimEnd('\n').Split('\n');
        Assert.Equal($"[{part.Section}]", lines[0]);
        Assert.True(lines.Length > 1);
        Assert.All(lines[1..], line =>
        {
            // One indentation throughout, and a blank between key and value: https://docs.fluentbit.io/manual/administration/configuring-fluent-bit/classic-mode/format-schema
            var entry = EntryShape().Match(line);
            Assert.True(entry.Success, line);
            Assert.True(part.Keys.Contains(entry.Groups["key"].Value), line);
        });
    });

    [Fact]
    public void No_key_is_said_twice_but_those_that_add_up() => Assert.All(Parts, part => Assert.All(
        Keys(part.Text).GroupBy(key => key, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1),
        group => Assert.Equal("parsers_file", group.Key, ignoreCase: true)));

    [Fact]
    public void Nothing_looks_like_a_template_to_the_chart() =>
        Assert.All(Parts, part => Assert.DoesNotContain("{{", part.Text, StringComparison.Ordinal));

    [Theory]

    // As delivered, each of these loses records.
    [InlineData("SERVICE", "storage.sync", "full")]
    [InlineData("SERVICE", "storage.checksum", "On")]
    [InlineData("SERVICE", "storage.keep.rejected", "On")]
    [InlineData("SERVICE", "storage.delete_irrecoverable_chunks", "Off")]
    [InlineData("INPUT", "storage.type", "filesystem")]
    [InlineData("INPUT", "storage.pause_on_chunks_overlimit", "Off")]
    [InlineData("INPUT", "Read_from_Head", "On")]
    [InlineData("INPUT", "Skip_Long_Lines", "On")]
    [InlineData("INPUT", "DB.Sync", "full")]
    [InlineData("OUTPUT", "Retry_Limit", "no_limits")]
    [InlineData("OUTPUT", "Buffer_Size", "False")]
    [InlineData("OUTPUT", "Suppress_Type_Name", "On")]
    [InlineData("OUTPUT", "Generate_ID", "On")]
    [InlineData("OUTPUT", "Write_Operation", "index")]
    [InlineData("OUTPUT", "AWS_Auth", "On")]
    [InlineData("OUTPUT", "tls.verify", "On")]
    [InlineData("OUTPUT", "storage.total_limit_size", "4G")]
    [InlineData("FILTER", "Merge_Log_Key", "extra")]
    public void What_would_lose_records_is_set_otherwise(string section, string key, string value) =>
        Assert.Equal(value, Value(Parts.Single(part => part.Section == section).Text, key));

    [Fact]
    public void Everything_that_is_read_is_matched_and_sent()
    {
        var tag = Value(Parts[1].Text, "Tag");

        Assert.Equal(tag, Value(Parts[2].Text, "Match"));
        Assert.Equal(tag, Value(Parts[3].Text, "Match"));
    }

    [Fact]
    public void Positions_and_buffers_share_a_disk()
    {
        Assert.StartsWith(FluentBitConfig.State + "/", Value(Parts[0].Text, "storage.path"), StringComparison.Ordinal);
        Assert.StartsWith(FluentBitConfig.State + "/", Value(Parts[1].Text, "DB"), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Keys(string text) =>
        text.Split('\n').Select(line => EntryShape().Match(line)).Where(entry => entry.Success).Select(entry => entry.Groups["key"].Value);

    private static string Value(string text, string key) =>
        text.Split('\n').Select(line => EntryShape().Match(line)).Single(entry => entry.Groups["key"].Value == key).Groups["value"].Value;

    [GeneratedRegex(@"^ {4}(?<key>[A-Za-z0-9_.-]+) (?<value>\S(.*\S)?)\z")]
    private static partial Regex EntryShape();
}
