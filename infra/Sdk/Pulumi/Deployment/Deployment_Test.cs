using System.Collections.Immutable;
using Pulumi.Testing;

namespace Pulumi;

public sealed partial class Deployment
{
    /// <summary>Runs a stack without an engine.</summary>
    /// <param name="mocks">Says what resources and functions come to.</param>
    /// <param name="options">Names of project and stack; whether it is a preview, which it is by default.</param>
    /// <returns>The resources registered, the stack first.</returns>
    /// <exception cref="RunException">The program reported an error.</exception>
    /// <exception cref="AggregateException">It reported several.</exception>
    public static Task<ImmutableArray<Resource>> TestAsync<TStack>(IMocks mocks, TestOptions? options = null)
        where TStack : Stack, new()
        => TestAsync(mocks, options, runner => runner.RunAsync<TStack>());

    /// <inheritdoc cref="TestAsync{TStack}(IMocks, TestOptions?)"/>
    public static Task<ImmutableArray<Resource>> TestWithServiceProviderAsync<TStack>(
        IMocks mocks, IServiceProvider serviceProvider, TestOptions? options = null)
        where TStack : Stack
        => TestAsync(mocks, options, runner => runner.RunAsync<TStack>(serviceProvider));

    /// <inheritdoc cref="TestAsync{TStack}(IMocks, TestOptions?)"/>
    /// <returns>The resources registered, without the stack, and the outputs.</returns>
    public static async Task<(ImmutableArray<Resource> Resources, IDictionary<string, object?> Outputs)> TestAsync(
        IMocks testMocks, TestOptions testOptions, Func<Task<IDictionary<string, object?>>> createResources)
        => SplitOff(await TestAsync(testMocks, testOptions, runner => runner.RunAsync(() => new TestStack(createResources))));

    /// <inheritdoc cref="TestAsync(IMocks, TestOptions, Func{Task{IDictionary{string, object}}})"/>
    public static async Task<(ImmutableArray<Resource> Resources, IDictionary<string, object?> Outputs)> TestAsync(
        IMocks testMocks, TestOptions testOptions, Func<IDictionary<string, object?>> createResources)
        => SplitOff(await TestAsync(
            testMocks, testOptions, runner => runner.RunAsync(() => new TestStack(() => Task.FromResult(createResources())))));

    /// <inheritdoc cref="TestAsync(IMocks, TestOptions, Action)"/>
    public static Task<ImmutableArray<Resource>> TestAsync(IMocks testMocks, TestOptions testOptions, Func<Task> createResources)
        => TestWithoutOutputsAsync(testMocks, testOptions, createResources);

    /// <inheritdoc cref="TestAsync{TStack}(IMocks, TestOptions?)"/>
    /// <returns>The resources registered, without the stack.</returns>
    public static Task<ImmutableArray<Resource>> TestAsync(IMocks testMocks, TestOptions testOptions, Action createResources)
        => TestWithoutOutputsAsync(testMocks, testOptions, () =>
        {
            createResources();
            return Task.CompletedTask;
        });

    private static async Task<ImmutableArray<Resource>> TestWithoutOutputsAsync(
        IMocks mocks, TestOptions? options, Func<Task> createResources)
    {
        var (resources, _) = SplitOff(await TestAsync(mocks, options, runner => runner.RunAsync(() => new TestStack(async () =>
        {
            await createResources();
            return new Dictionary<string, object?>();
        }))));
        return resources;
    }

    private static (ImmutableArray<Resource> Resources, IDictionary<string, object?> Outputs) SplitOff(ImmutableArray<Resource> resources)
        => ([.. resources.Where(resource => resource is not TestStack)],
            resources.OfType<TestStack>().SingleOrDefault()?.TestOutputs ?? new Dictionary<string, object?>());

    private static async Task<ImmutableArray<Resource>> TestAsync(IMocks mocks, TestOptions? options, Func<Runner, Task<int>> run)
    {
        var engine = new MockEngine();
        var monitor = new MockMonitor(mocks);
        await RunAsync(() => new Deployment(engine, monitor, options), run);
        return engine.Errors switch
        {
            [] => monitor.Resources,
            [var error] => throw new RunException(error),
            var errors => throw new AggregateException(errors.Select(error => new RunException(error))),
        };
    }
}
