using System.Collections.Immutable;
using HaCluster.Sdk.Tests.Fakes;
using Pulumi;
using Pulumi.Testing;

namespace HaCluster.Sdk.Tests.Mocks;

public sealed class TestAsyncTests
{
    private sealed class Cluster : Stack
    {
        public Cluster()
        {
            var machine = new Machine("a", new MachineArgs { Size = 2, Password = Output.CreateSecret("p") });
            var found = Deployment.Instance.InvokeSingle<string>(
                "test:index:find", new DictionaryInvokeArgs(ImmutableDictionary<string, object?>.Empty.Add("zone", "z")));
            Name = Output.Format($"{machine.Zone}/{found}/{Deployment.Instance.ProjectName}-{Deployment.Instance.StackName}");
        }

        [Output]
        public Output<string> Name { get; set; }
    }

    private sealed class Failing : Stack
    {
        public Failing()
        {
            Log.Error("one");
            Log.Error("two");
        }
    }

    private sealed class Services : IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == typeof(Cluster) ? new Cluster() : null;
    }

    private sealed class Cloudy : IMocks
    {
        public List<MockResourceArgs> Resources { get; } = [];

        public List<MockCallArgs> Calls { get; } = [];

        public List<MockRegisterResourceOutputsRequest> Outputs { get; } = [];

        public Task<(string? id, object state)> NewResourceAsync(MockResourceArgs args)
        {
            Resources.Add(args);
            return Task.FromResult<(string?, object)>(($"{args.Name}-id", args.Inputs.Add("zone", "z1")));
        }

        public Task<object> CallAsync(MockCallArgs args)
        {
            Calls.Add(args);
            return Task.FromResult<object>(new Dictionary<string, object> { ["found"] = "f" });
        }

        public Task RegisterResourceOutputs(MockRegisterResourceOutputsRequest args)
        {
            Outputs.Add(args);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Stack_runs_on_mocks()
    {
        var mocks = new Cloudy();
        var options = new TestOptions { ProjectName = "p", StackName = "s", IsPreview = false };
        var resources = await Deployment.TestAsync<Cluster>(mocks, options);

        Assert.Equal(["p-s", "a"], resources.Select(resource => resource.GetResourceName()));
        var name = (await resources.OfType<Cluster>().Single().Name.DataTask).Value;
        Assert.Equal("z1/f/p-s", name);
        var machine = Assert.Single(mocks.Resources);
        Assert.Equal(
            ("test:index:Machine", "a", 2.0, "p"),
            (machine.Type, machine.Name, machine.Inputs["size"], machine.Inputs["password"]));
        var call = Assert.Single(mocks.Calls);
        Assert.Equal(("test:index:find", "z"), (call.Token, call.Args["zone"]));
        Assert.Equal("z1/f/p-s", (await Assert.Single(mocks.Outputs).Outputs["Name"].DataTask).Value);
        Assert.Equal(
            "urn:pulumi:s::p::pulumi:pulumi:Stack$test:index:Machine::a", (await resources[1].Urn.DataTask).Value);
    }

    [Fact]
    public async Task Preview_leaves_unknown_what_mocks_do_not_give()
    {
        var resources = await Deployment.TestAsync<Cluster>(new Cloudy());
        var machine = resources.OfType<Machine>().Single();
        Assert.True((await machine.Zone.DataTask).IsKnown);
        Assert.False((await machine.Tags.DataTask).IsKnown);
    }

    [Fact]
    public async Task Service_provider_makes_the_stack()
    {
        var resources = await Deployment.TestWithServiceProviderAsync<Cluster>(new Cloudy(), new Services());
        Assert.Single(resources.OfType<Cluster>());
        var e = await Assert.ThrowsAsync<RunException>(
            () => Deployment.TestWithServiceProviderAsync<Failing>(new Cloudy(), new Services()));
        Assert.Contains("Failed to resolve instance of type", e.Message, StringComparison.Ordinal);
        Environment.ExitCode = 0;
    }

    [Fact]
    public async Task Errors_come_as_exceptions()
    {
        var all = await Assert.ThrowsAsync<AggregateException>(() => Deployment.TestAsync<Failing>(new EmptyMocks()));
        Assert.Equal(["one", "two"], all.InnerExceptions.Select(e => e.Message));
        var one = await Assert.ThrowsAsync<RunException>(
            () => Deployment.TestAsync(new EmptyMocks(), new TestOptions(), void () => throw new RunException("no")));
        Assert.Equal("no", one.Message);
        Environment.ExitCode = 0;
    }

    [Fact]
    public async Task Functions_are_tested_without_a_stack_class()
    {
        var mocks = new Cloudy();
        var options = new TestOptions { IsPreview = false };
        Assert.Equal(["a"], (await Deployment.TestAsync(mocks, options, () => { _ = new Machine("a"); })).Select(r => r.GetResourceName()));
        Assert.Equal(["b"], (await Deployment.TestAsync(mocks, options, async () =>
        {
            await Task.Yield();
            _ = new Machine("b");
        })).Select(r => r.GetResourceName()));

        var (resources, outputs) = await Deployment.TestAsync(mocks, options, IDictionary<string, object?> () =>
            new Dictionary<string, object?> { ["id"] = new Machine("c").Id });
        Assert.Equal(["c"], resources.Select(r => r.GetResourceName()));
        Assert.Equal("c-id", (await ((Output<string>)outputs["id"]!).DataTask).Value);
    }

    [Fact]
    public async Task Empty_mocks_return_the_inputs()
    {
        var resources = await Deployment.TestAsync(
            new EmptyMocks(), new TestOptions { IsPreview = false }, () => { _ = new Machine("a", new MachineArgs { Zone = "z" }); });
        Assert.Equal("z", (await ((Machine)resources.Single()).Zone.DataTask).Value);
    }
}
