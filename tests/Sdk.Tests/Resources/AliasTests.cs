using HaCluster.Sdk.Tests.Fakes;
using Pulumi;
using Pulumi.Utilities;

namespace HaCluster.Sdk.Tests.Resources;

public sealed class AliasTests
{
    private static async Task<IReadOnlyList<string>> UrnsAsync(Action program, string name)
        => [.. (await ProgramRun.SucceedAsync(program, new FakeMonitor { MissingFeatures = ["aliasSpecs"] })).Registration(name).AliasURNs];

    private static CustomResourceOptions Named(params Alias[] aliases)
        => new() { Aliases = [.. aliases.Select(alias => (Input<Alias>)alias)] };

    [Fact]
    public async Task Parts_go_as_they_are_to_an_engine_that_knows_them()
    {
        var monitor = await ProgramRun.SucceedAsync(() =>
        {
            var old = new Group("old");
            _ = new Machine("a", null, Named(
                new Alias { Urn = "urn:pulumi:x::y::z::w" },
                new Alias { Name = "n", Type = "t:t:T", Project = "p", Stack = "s" },
                new Alias { NoParent = true },
                new Alias { Parent = old },
                new Alias { ParentUrn = "urn:pulumi:x::y::z::parent" }));
        });

        var aliases = monitor.Registration("a").Aliases;
        Assert.Empty(monitor.Registration("a").AliasURNs);
        Assert.Equal("urn:pulumi:x::y::z::w", aliases[0].Urn);
        var parts = aliases[1].Spec;
        Assert.Equal(("n", "t:t:T", "p", "s"), (parts.Name, parts.Type, parts.Project, parts.Stack));
        Assert.True(parts is { HasNoParent: true, NoParent: false });
        Assert.True(aliases[2].Spec.NoParent);
        Assert.Equal("urn:pulumi:stack::project::test:index:Group::old", aliases[3].Spec.ParentUrn);
        Assert.Equal("urn:pulumi:x::y::z::parent", aliases[4].Spec.ParentUrn);
    }

    [Fact]
    public async Task Unknown_alias_is_left_out()
    {
        var monitor = await ProgramRun.SucceedAsync(
            () => _ = new Machine("a", null, new CustomResourceOptions { Aliases = { OutputUtilities.CreateUnknown(new Alias()) } }));
        Assert.Empty(monitor.Registration("a").Aliases);
    }

    [Fact]
    public async Task Older_engine_gets_urns_made_of_former_and_present_parts()
    {
        Assert.Equal(
            ["urn:pulumi:stack::project::test:index:Machine::before", "urn:pulumi:s::p::t:t:T::a", "urn:pulumi:x::y::z::w"],
            await UrnsAsync(
                () => _ = new Machine("a", null, Named(
                    new Alias { Name = "before" },
                    new Alias { Type = "t:t:T", Project = "p", Stack = "s" },
                    new Alias { Urn = "urn:pulumi:x::y::z::w" })),
                "a"));
    }

    [Fact]
    public async Task Former_name_of_the_parent_carries_over_to_children_named_after_it()
    {
        Assert.Equal(
            ["urn:pulumi:stack::project::test:index:Group$test:index:Machine::web-before",
             "urn:pulumi:stack::project::test:index:Group$test:index:Machine::app-disk",
             "urn:pulumi:stack::project::test:index:Group$test:index:Machine::app-before"],
            await UrnsAsync(
                () => _ = new Group("web", new ComponentResourceOptions { Aliases = { new Alias { Name = "app" } } }, group =>
                    _ = new Machine("web-disk", null, new CustomResourceOptions
                    {
                        Parent = group,
                        Aliases = { new Alias { Name = "web-before" } },
                    })),
                "web-disk"));
    }

    [Theory]
    [InlineData(true, false, "Alias should not specify both Urn and Name")]
    [InlineData(false, true, "Only specify one of 'Parent', 'ParentUrn' or 'NoParent' in an Alias")]
    public async Task Contradictions_are_errors(bool hasUrn, bool hasTwoParents, string message)
    {
        var alias = hasUrn ? new Alias { Urn = "urn:x", Name = "n" } : new Alias { NoParent = hasTwoParents, ParentUrn = "urn:y" };
        var run = await ProgramRun.OfAsync(() => _ = new Machine("a", null, Named(alias)));
        Assert.Equal(32, run.ExitCode);
        Assert.Contains(run.Engine.Errors, error => error.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Urn_is_computed_by_the_rule()
        => await ProgramRun.SucceedAsync(() =>
        {
            AssertUrn("urn:pulumi:stack::project::a:b:C::n", Urn.Create("n", "a:b:C"));
            AssertUrn("urn:pulumi:s::p::a:b:C::n", Urn.Create("n", "a:b:C", project: "p", stack: "s"));
            AssertUrn("urn:pulumi:s::p::x:y:Z$a:b:C::n", Urn.Create("n", "a:b:C", parentUrn: "urn:pulumi:s::p::x:y:Z::parent"));
            Assert.Throws<ArgumentException>(() => Urn.Create("n", "t", new DependencyResource("urn:x"), "urn:y"));
            Assert.Equal("C", Urn.Type("urn:pulumi:s::p::A$B$C::n"));
            Assert.Throws<ArgumentException>(() => new Urn(""));

            static void AssertUrn(string expected, Output<string> actual) => Assert.Equal(expected, actual.DataTask.Result.Value);
        });
}
