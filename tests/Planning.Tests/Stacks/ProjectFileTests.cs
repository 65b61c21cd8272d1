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
    [InlineData("name: p\nconfig:\n  [a]: b\n", "Pulumi.yaml:3:3: '[ a ]' is not a configuration key")]
    [InlineData("name: p\nconfig:\n  ? {a: 1}\n", "Pulumi.yaml:3:5: '{ { a, 1 } }' is not a configuration key")]
    [InlineData("name: p\nconfig:\n  a:b:c:d: 1\n", "is not a configuration key")]
    [InlineData("name: p\nconfig:\n  zones: 1\n  p:zones: 2\n", "Pulumi.yaml:4:3: p:zones is declared twice")]
    [InlineData("name: p\nconfig:\n  zones: 1\n  zones: 2\n", "Pulumi.yaml:4:3: duplicate key")]
    [InlineData("name: p\nconfig:\n  zones: [1, 2\n", "Pulumi.yaml:4:")]
    [InlineData("name: p\nconfig:\n\tzones: 1\n", "Pulumi.yaml:3:")]
    [InlineData("name: p\nconfig:\n  zones: *nowhere\n", "Pulumi.yaml:3:")]
    [InlineData("name: p\nconfig:\n  zones: {1: x}\n", "Pulumi.yaml:3:11: a key must be text")]
    [InlineData("name: p\nconfig:\n  zones: {type: array, items: {type: [x]}, default: 1}\n", "not of its type")]
    public void What_is_wrong_with_it_is_said(string yaml, string expected)
    {
        using var scratch = new Scratch();
        var path = scratch.Write("Pulumi.yaml", yaml);
        Assert.Contains(expected, Assert.Throws<UnreadableInputException>(() => ProjectFile.Read(path)).Message, StringComparison.Ordinal);
    }
}
