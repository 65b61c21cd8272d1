using HaCluster.Planning.Stacks;

namespace HaCluster.Planning.Tests.Stacks;

public sealed class StackSettingsTests
{
    private const string Project = """
        name: p
        runtime: dotnet
        config:
          zones: 3
          nat: {type: string, default: perZone}
          pools: {type: object, default: {min: 1}}
          names: {type: array, items: {type: string}, default: [a]}
          token: {type: string, secret: true}
          size: {type: integer, description: how large}
          aws:region: {value: eu-central-1}
        """;

    [Fact]
    public void The_stack_wins_over_the_project_and_the_project_fills_the_rest()
    {
        var settings = Merge("config:\n  p:zones: 2\n  p:size: 4\n  p:token: {secure: v1:abc}\n");
        Assert.Equal(
            [
                ("aws:region", "eu-central-1"), ("p:names", """["a"]"""), ("p:nat", "perZone"), ("p:pools", """{"min":1}"""),
                ("p:size", "4"), ("p:token", "[secret]"), ("p:zones", "2"),
            ],
            settings.Config.Select(entry => (entry.Key, entry.Value)));
        Assert.Equal(["p:token"], settings.SecretKeys.AsEnumerable());
        Assert.Contains("p:token is encrypted", Assert.Single(settings.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_breaks_the_declaration_is_said_at_once()
    {
        var errors = Assert.Throws<RefusedSettingsException>(() => Merge("config:\n  p:token: plain\n  p:pools: [1]\n  p:names: [{a: 1}]\n")).Errors;
        Assert.Equal(
            [
                "p:names is [{\"a\":1}]; Pulumi.yaml declares it as array<string>",
                "p:pools is [1]; Pulumi.yaml declares it as object",
                "p:size is not set; Pulumi.yaml requires it, add it to Pulumi.test.yaml",
                "p:token must be encrypted; set it with: pulumi config set --secret p:token",
            ],
            errors);
    }

    [Theory]
    [InlineData("4", true)]
    [InlineData("\"4\"", true)]
    [InlineData("4.0", true)]
    [InlineData("4.5", false)]
    [InlineData("4.50", false)]
    [InlineData("four", false)]
    [InlineData("[4]", false)]
    public void A_whole_number_may_be_written_in_any_way_that_Pulumi_takes(string size, bool isAccepted)
    {
        var yaml = $"config:\n  p:token: {{secure: v1:abc}}\n  p:size: {size}\n";
        if (isAccepted)
            Assert.StartsWith("4", Merge(yaml).Config["p:size"], StringComparison.Ordinal);
        else
            Assert.Equal([$"p:size is {size}; Pulumi.yaml declares it as integer"], Assert.Throws<RefusedSettingsException>(() => Merge(yaml)).Errors);
    }

    [Theory]
    [InlineData("p:zones is 1; choose 2 or more", "p:zones is 0x1; choose 2 or more")]
    [InlineData("p:pools.min is 1.5; choose a whole number", "p:pools.min is 1.50; choose a whole number")]
    [InlineData("p:names[1] is 10; it must be text", "p:names[1] is 1_0; it must be text")]
    [InlineData("p:size is 4; choose 5", "p:size is 4; choose 5")]
    [InlineData("p:zones is missing", "p:zones is missing")]
    [InlineData("something went wrong", "something went wrong")]
    public void A_problem_shows_the_value_as_it_was_written(string problem, string shown)
    {
        var settings = Merge("config:\n  p:token: {secure: v1:abc}\n  p:zones: 0x1\n  p:pools: {min: 1.50}\n  p:names: [a, 1_0]\n  p:size: 4\n");
        Assert.Equal(shown, settings.AsWritten(problem));
    }

    private static StackSettings Merge(string stackYaml)
    {
        using var scratch = new Scratch();
        var project = ProjectFile.Read(scratch.Write("Pulumi.yaml", Project));
        return StackSettings.Merge(project, "test", StackFile.Read(scratch.Write("Pulumi.test.yaml", stackYaml), project.Name));
    }
}
