using System.Text.Json;

namespace HaCluster.Cli.Tests.Processes;

public sealed class ExplainProcessTests
{
    [Fact]
    public void A_setting_is_explained_with_type_default_example_and_command()
    {
        var result = Ha.Answer("explain", "nodePools.general.min");
        Assert.Equal(0, result.ExitCode);
        foreach (var part in new[] { "ha-cluster:nodePools.general.min", "whole number from 0 to 450", "default", "          min: 3", "pulumi config set --path ha-cluster:nodePools.general.min 3" })
            Assert.Contains(part, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_key_all_sections_are_listed()
    {
        var result = Ha.Answer("explain");
        Assert.Equal(0, result.ExitCode);
        foreach (var part in new[] { "aws:region", "ha-cluster:zones", "ha-cluster:objectives." })
            Assert.Contains(part, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_slip_ends_with_2_and_names_what_was_meant()
    {
        var result = Ha.Answer("explain", "nodePools.genral.min");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("ha-cluster:nodePools.general.min", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_schema_goes_to_standard_output_or_to_a_file()
    {
        using var scratch = new Scratch();
        var path = Path.Combine(scratch.Path, "schema.json");
        Assert.Equal(0, Ha.Answer("schema", "--out", path).ExitCode);
        var text = Ha.Answer("schema").Output;
        Assert.Equal(text, File.ReadAllText(path));
        Assert.Equal("https://json-schema.org/draft/2020-12/schema", JsonDocument.Parse(text).RootElement.GetProperty("$schema").GetString());
    }

    [Fact]
    public void A_program_without_a_schema_ends_with_3()
    {
        using var scratch = new Scratch();
        var result = Ha.Answer("explain", "zones", "--program", scratch.Write("broken.dll", "no assembly"));
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("does not describe its settings", result.Error, StringComparison.Ordinal);
    }
}
