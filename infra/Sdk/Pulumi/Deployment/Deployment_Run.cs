using System.Collections.Immutable;
using System.Diagnostics;

namespace Pulumi;

public sealed partial class Deployment
{
    /// <summary>Runs a program. Its <c>Main</c> returns the result: 0, or the exit code that tells the engine what happened.</summary>
    /// <exception cref="InvalidOperationException">The program was not started by an engine.</exception>
    public static Task<int> RunAsync(Action action)
        => RunAsync(() =>
        {
            action();
            return (IDictionary<string, object?>)ImmutableDictionary<string, object?>.Empty;
        });

    /// <inheritdoc cref="RunAsync(Action)"/>
    /// <param name="func">The program; returns the stack's outputs.</param>
    public static Task<int> RunAsync(Func<IDictionary<string, object?>> func)
        => RunAsync(() => Task.FromResult(func()));

    /// <inheritdoc cref="RunAsync(Action)"/>
    public static Task<int> RunAsync(Func<Task> func)
        => RunAsync(async () =>
        {
            await func();
            return (IDictionary<string, object?>)ImmutableDictionary<string, object?>.Empty;
        });

    /// <inheritdoc cref="RunAsync(Action)"/>
    /// <param name="func">The program; returns the stack's outputs.</param>
    /// <param name="options">Options of the stack.</param>
    public static Task<int> RunAsync(Func<Task<IDictionary<string, object?>>> func, StackOptions? options = null)
        => RunAsync(new DeploymentFactory(CreateFromEnvironment), runner => runner.RunAsync(func, options));

    /// <inheritdoc cref="RunAsync(Action)"/>
    /// <typeparam name="TStack">
    /// The program: its constructor makes the resources, its <see cref="OutputAttribute"/> properties are the stack's outputs.
    /// </typeparam>
    public static Task<int> RunAsync<TStack>() where TStack : Stack, new()
        => RunAsync(new DeploymentFactory(CreateFromEnvironment), runner => runner.RunAsync<TStack>());

    /// <inheritdoc cref="RunAsync{TStack}()"/>
    /// <param name="serviceProvider">Makes the stack.</param>
    public static Task<int> RunAsync<TStack>(IServiceProvider serviceProvider) where TStack : Stack
        => RunAsync(new DeploymentFactory(CreateFromEnvironment), runner => runner.RunAsync<TStack>(serviceProvider));

    internal delegate Deployment DeploymentFactory();

    private static Deployment CreateFromEnvironment() => new(EngineEnvironment.Read(Environment.GetEnvironmentVariable));

    // Async, and not only a Task: what it sets in the AsyncLocal must not outlive it.
    internal static async Task<int> RunAsync(DeploymentFactory create, Func<Runner, Task<int>> run)
    {
        if (Environment.GetEnvironmentVariable("PULUMI_ATTACH_DEBUGGER") == "true")
        {
            while (!Debugger.IsAttached)
                await Task.Delay(TimeSpan.FromMilliseconds(100));
        }

        var deployment = create();
        Instance = new DeploymentInstance(deployment);
        return await run(deployment.Runner);
    }
}
