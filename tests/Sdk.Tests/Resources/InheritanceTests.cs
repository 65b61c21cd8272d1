using HaCluster.Sdk.Tests.Fakes;
using Pulumi;

namespace HaCluster.Sdk.Tests.Resources;

public sealed class InheritanceTests
{
    private static string ReferenceTo(string provider)
        => $"urn:pulumi:stack::project::pulumi:providers:test::{provider}::{provider}-id";

    [Fact]
    public async Task Children_inherit_protection_and_provider_of_their_package_and_may_say_otherwise()
    {
        var monitor = await ProgramRun.SucceedAsync(() =>
        {
            var cloud = new Cloud("cloud");
            var other = new Cloud("other");
            _ = new Group("g", new ComponentResourceOptions { Protect = true, Provider = cloud }, group =>
            {
                _ = new Machine("inherits", null, new CustomResourceOptions { Parent = group });
                _ = new Machine("differs", null, new CustomResourceOptions { Parent = group, Protect = false, Provider = other });
                _ = new Group("inner", new ComponentResourceOptions { Parent = group }, inner =>
                    _ = new Machine("deep", null, new CustomResourceOptions { Parent = inner }));
                _ = new Cloud("stranger", new CustomResourceOptions { Parent = group }, package: "elsewhere");
            });
            _ = new Machine("outside");
        });

        Assert.Equal((true, ReferenceTo("cloud")), Of("inherits"));
        Assert.Equal((false, ReferenceTo("other")), Of("differs"));
        Assert.Equal((true, ReferenceTo("cloud")), Of("deep"));
        Assert.Equal((true, ""), Of("stranger"));
        Assert.False(monitor.Registration("outside").HasProtect);
        Assert.Equal("", monitor.Registration("outside").Provider);
        // A component's provider is for its children: the engine is not told of it.
        Assert.Equal("", monitor.Registration("g").Provider);
        Assert.Empty(monitor.Registration("g").Providers);

        (bool Protect, string Provider) Of(string name) => (monitor.Registration(name).Protect, monitor.Registration(name).Provider);
    }

    [Fact]
    public async Task Children_of_a_custom_resource_inherit_its_provider()
    {
        var monitor = await ProgramRun.SucceedAsync(() =>
        {
            var parent = new Machine("parent", null, new CustomResourceOptions { Provider = new Cloud("cloud") });
            _ = new Machine("child", null, new CustomResourceOptions { Parent = parent });
        });
        Assert.Equal(ReferenceTo("cloud"), monitor.Registration("child").Provider);
    }

    [Fact]
    public async Task Provider_that_is_not_created_yet_is_referred_to_with_the_unknown_id()
    {
        var monitor = await ProgramRun.SucceedAsync(
            () => _ = new Machine("a", null, new CustomResourceOptions { Provider = new Cloud("cloud") }), isPreview: true);
        Assert.EndsWith("::cloud::" + HaCluster.Wire.UnknownSentinels.String, monitor.Registration("a").Provider, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Provider_and_providers_together_are_an_error()
    {
        var run = await ProgramRun.OfAsync(() =>
        {
            var cloud = new Cloud("cloud");
            _ = new Group("g", new ComponentResourceOptions { Provider = cloud, Providers = { cloud } });
        });
        run.AssertError("Do not supply both 'provider' and 'providers'");
    }

    [Fact]
    public async Task Transformations_run_from_the_resource_outwards_and_do_not_reach_the_wire()
    {
        var order = new List<string>();
        ResourceTransformation Note(string name) => args =>
        {
            if (args.Resource is Machine)
                order.Add(name);
            return null;
        };

        var run = await ProgramRun.OfAsync(runner => runner.RunAsync(
            () =>
            {
                _ = new Group("g", new ComponentResourceOptions { ResourceTransformations = { Note("component"), Rename } }, group =>
                    _ = new Machine("a", new MachineArgs { Size = 1 }, new CustomResourceOptions
                    {
                        Parent = group,
                        ResourceTransformations = { Note("own") },
                    }));
                return Task.FromResult<IDictionary<string, object?>>(new Dictionary<string, object?>());
            },
            new StackOptions { ResourceTransformations = { Note("stack") } }));

        Assert.Equal(["own", "component", "stack"], order);
        var request = run.Monitor.Registration("a");
        Assert.Equal((2, true), (request.Object.Fields["size"].NumberValue, request.Protect));
        Assert.Empty(request.Transforms);

        static ResourceTransformationResult? Rename(ResourceTransformationArgs args)
        {
            if (args.Args is not MachineArgs machine)
                return null;
            machine.Size = 2;
            return new ResourceTransformationResult(
                machine, CustomResourceOptions.Merge((CustomResourceOptions)args.Options, new CustomResourceOptions { Protect = true }));
        }
    }

    [Fact]
    public async Task Transformation_cannot_change_the_parent()
    {
        var run = await ProgramRun.OfAsync(() =>
        {
            var other = new Group("other");
            _ = new Machine("a", null, new CustomResourceOptions
            {
                ResourceTransformations = { args => new(args.Args, new CustomResourceOptions { Parent = other }) },
            });
        });
        run.AssertError("cannot currently be used to change the 'parent'");
    }
}
