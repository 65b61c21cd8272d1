using System.Collections.Concurrent;
using HaCluster.Conformance.Emit;
using HaCluster.Engine;
using HaCluster.Engine.Graph;

namespace HaCluster.Conformance.Stacks;

/// <summary>
/// Each stack as the C# program declares it, and as a TypeScript program on the official packages declares it. Made once for all tests.
/// </summary>
public sealed class OfficialTwin : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Task<ResourceGraph>>> _graphs = new();
    private readonly ConcurrentDictionary<string, Lazy<Task<CompiledProgram>>> _compiled = new();

    /// <summary>What the C# program declares.</summary>
    public Task<ResourceGraph> DeclaredAsync(string stack) => Once(_graphs, stack, () => RunAsync(stack, StackProgram.Start));

    /// <summary>The emitted program, after the official compiler has seen it.</summary>
    public Task<CompiledProgram> CompiledAsync(string stack) => Once(_compiled, stack, async () =>
    {
        var source = TypeScriptProgram.Emit(await DeclaredAsync(stack), PackageFacts.Load(Checkout.Schemas));
        var workspace = new NodeWorkspace();
        return new CompiledProgram(workspace, source, await workspace.CompileAsync(source));
    });

    /// <summary>What the emitted program declares when the official Node runtime runs it on our engine.</summary>
    public async Task<ResourceGraph> OfficialAsync(string stack) => await RunAsync(stack, (await CompiledAsync(stack)).Workspace.Start());

    public void Dispose()
    {
        foreach (var compiled in _compiled.Values.Where(compiled => compiled is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }))
            compiled.Value.Result.Workspace.Dispose();
    }

    private static async Task<ResourceGraph> RunAsync(string stack, ProgramStart program)
    {
        var result = await EmbeddedEngine.RunAsync(StackProgram.Request(stack, program));
        Assert.True(result.Outcome == ProgramOutcome.Succeeded,
            $"{program.FileName} {result.Outcome}, exit code {result.ExitCode}\n"
            + $"{string.Join('\n', result.Diagnostics)}\n{string.Join('\n', result.ProgramOutput)}");
        return result.Graph;
    }

    private static Task<T> Once<T>(ConcurrentDictionary<string, Lazy<Task<T>>> known, string stack, Func<Task<T>> make) =>
        known.GetOrAdd(stack, _ => new Lazy<Task<T>>(make)).Value;
}

/// <param name="Complaints">What <c>tsc --strict</c> said; empty when nothing.</param>
public sealed record CompiledProgram(NodeWorkspace Workspace, string Source, IReadOnlyList<string> Complaints);

/// <summary>The tests that share the runs of <see cref="OfficialTwin"/>.</summary>
[CollectionDefinition(Name)]
public sealed class OfficialCollection : ICollectionFixture<OfficialTwin>
{
    public const string Name = "official packages";
}
