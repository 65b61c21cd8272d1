using HaCluster.Planning.Stacks;

namespace HaCluster.Planning.Tests.Stacks;

public sealed class ProjectFileTests
{
    [Fact]
    public void It_is_found_from_any_directory_below()
    {
        using var scratch = new Scratch();
        var path = scratch.Write("Pulumi.yaml", "name: p\nruntime: dotnet\nmain: infra/Stack\nstackConfigDir: stacks\n");
        scratch.Write("a/b/c.txt", "");
        var project = ProjectFile.Find(scratch.At("a/b"), fallback: null);
        Assert.Equal(path, project.Path);
        Assert.Equal(scratch.At("infra/Stack"), project.Main);
        Assert.Equal(scratch.At("stacks"), project.StackDirectory);
    }

    [Fact]
    public void Elsewhere_the_checkout_of_the_tool_is_taken()
    {
        using var scratch = new Scratch();
        using var checkout = new Scratch();
        var path = checkout.Write("Pulumi.yaml", "name: p\nruntime: dotnet\n");
        Assert.Equal(path, ProjectFile.Find(scratch.Path, checkout.Path).Path);
        Assert.Contains("inside a checkout", Assert.Throws<UnreadableInputException>(() => ProjectFile.Find(scratch.Path, null)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("runtime: dotnet\n", "no 'name'")]
    [InlineData("name: [p]\n", "'name' must be text")]
    [InlineData("text\n", "not a project file")]
    [InlineData("name: p\nconfig: [a]\n", "'config' must be a mapping")]
    [InlineData("name: p\nconfig:\n  zones:\n    type: integer\n    default: many\n", "not of its type integer")]
    public void What_is_wrong_with_it_is_said(string yaml, string expected)
    {
        using var scratch = new Scratch();
        var path = scratch.Write("Pulumi.yaml", yaml);
        Assert.Contains(expected, Assert.Throws<UnreadableInputException>(() => ProjectFile.Read(path)).Message, StringComparison.Ordinal);
    }
}
