using System.Collections.Immutable;
using HaCluster.Sdk.Tests.Fakes;
using HaCluster.Wire;
using Pulumi;

namespace HaCluster.Sdk.Tests.Deployments;

public sealed class InvokeTests
{
    private static DictionaryInvokeArgs Args(string name, object? value)
        => new(ImmutableDictionary<string, object?>.Empty.Add(name, value));

    private static async Task<(FakeMonitor Monitor, OutputDataOf Data)> InvokeAsync(
        Func<Output<ImmutableDictionary<string, string>>> invoke, bool isPreview = false, FakeMonitor? monitor = null)
    {
        Output<ImmutableDictionary<string, string>> output = null!;
        monitor = await ProgramRun.SucceedAsync(() => output = invoke(), monitor, isPreview);
        var data = await output.DataTask;
        var urns = await Task.WhenAll(data.Resources.Select(resource => resource.Urn.GetValueAsync("")));
        return (monitor, new OutputDataOf(data.Value, data.IsKnown, data.IsSecret, [.. urns.Select(urn => urn.Split("::")[^1]).Order()]));
    }

    private sealed record OutputDataOf(
        ImmutableDictionary<string, string>? Value, bool IsKnown, bool IsSecret, IReadOnlyList<string> Dependencies);

    [Fact]
    public async Task Request_has_the_options_and_the_result_depends_on_what_the_arguments_do()
    {
        var (monitor, data) = await InvokeAsync(() =>
        {
            var a = new Machine("a", new MachineArgs { Zone = "z" });
            var options = new InvokeOutputOptions { Provider = new Cloud("cloud"), Version = "1.2.3", DependsOn = { new Machine("b") } };
            return Deployment.Instance.Invoke<ImmutableDictionary<string, string>>("test:index:find", Args("zone", a.Zone), options);
        });

        var request = Assert.Single(monitor.Requests.OfType<ResourceInvokeRequest>());
        Assert.Equal(("test:index:find", "1.2.3", true), (request.Tok, request.Version, request.AcceptResources));
        Assert.EndsWith("::cloud::cloud-id", request.Provider, StringComparison.Ordinal);
        Assert.Equal("z", data.Value!["zone"]);
        Assert.Equal(["a", "b"], data.Dependencies);
    }

    [Fact]
    public async Task Unknown_argument_is_an_unknown_result_and_no_call()
    {
        var (monitor, data) = await InvokeAsync(
            () => Deployment.Instance.Invoke<ImmutableDictionary<string, string>>(
                "test:index:find", Args("ids", ImmutableArray.Create<object?>("x", new Machine("a").Id))),
            isPreview: true);
        Assert.False(data.IsKnown);
        Assert.Empty(monitor.Requests.OfType<ResourceInvokeRequest>());
    }

    [Fact]
    public async Task Depending_on_what_does_not_exist_yet_is_an_unknown_result_also_through_a_component()
    {
        var (monitor, data) = await InvokeAsync(
            () =>
            {
                var group = new Group("g", null, group => _ = new Machine("a", null, new CustomResourceOptions { Parent = group }));
                return Deployment.Instance.Invoke<ImmutableDictionary<string, string>>(
                    "test:index:find", InvokeArgs.Empty, new InvokeOutputOptions { DependsOn = { group } });
            },
            isPreview: true);
        Assert.False(data.IsKnown);
        Assert.Empty(monitor.Requests.OfType<ResourceInvokeRequest>());
    }

    [Fact]
    public async Task Parent_gives_its_provider()
    {
        var (monitor, _) = await InvokeAsync(() =>
        {
            var group = new Group("g", new ComponentResourceOptions { Provider = new Cloud("cloud") });
            return Deployment.Instance.Invoke<ImmutableDictionary<string, string>>(
                "test:index:find", InvokeArgs.Empty, new InvokeOptions { Parent = group });
        });
        Assert.EndsWith("::cloud::cloud-id", monitor.Requests.OfType<ResourceInvokeRequest>().Single().Provider, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secret_in_the_result_makes_it_secret()
    {
        var (_, data) = await InvokeAsync(
            () => Deployment.Instance.Invoke<ImmutableDictionary<string, string>>("test:index:find", Args("x", Output.CreateSecret("s"))));
        Assert.True(data is { IsKnown: true, IsSecret: true });
    }

    [Fact]
    public async Task Failures_are_an_exception_that_names_them()
    {
        var monitor = new FakeMonitor
        {
            OnInvoke = _ => new ResourceInvokeResponse
            {
                Failures =
                {
                    new CheckFailure { Property = "zone", Reason = "no such" },
                    new CheckFailure { Property = "x", Reason = "bad" },
                },
            },
        };
        var run = await ProgramRun.OfAsync(() => _ = Deployment.Instance.Invoke<object>("test:index:find", InvokeArgs.Empty), monitor);
        run.AssertError("Invoke of 'test:index:find' failed: no such (zone); bad (x)");
    }

    [Fact]
    public async Task Plain_calls_give_plain_values()
    {
        Task<(string? Zone, int Count)> result = null!;
        await ProgramRun.OfAsync(
            runner => runner.RunAsync(
                async () =>
                {
                    result = CallAsync();
                    await result;
                    return new Dictionary<string, object?>();
                },
                null));
        Assert.Equal(("z", 3), await result);

        static async Task<(string?, int)> CallAsync()
        {
            var all = await Deployment.Instance.InvokeAsync<ImmutableDictionary<string, string>>("test:index:find", Args("zone", "z"));
            return (all["zone"], await Deployment.Instance.InvokeSingleAsync<int>("test:index:count", Args("count", 3)));
        }
    }
}
