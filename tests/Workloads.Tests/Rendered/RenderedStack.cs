using System.Collections.Concurrent;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Rendering;

namespace HaCluster.Workloads.Tests.Rendered;

/// <summary>What <c>ha render</c> writes for a stack: the files that the real programs are given. Made once a stack.</summary>
public sealed class RenderedStack
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<RenderedStack>>> Known = new(StringComparer.Ordinal);

    private RenderedStack(ResourceGraph graph, Render render)
    {
        Graph = graph;
        Files = render.Files.ToDictionary(file => file.Path, file => file.Text, StringComparer.Ordinal);
    }

    public static Task<RenderedStack> Prod => Of("prod");

    public ResourceGraph Graph { get; }

    /// <summary>Contents by path.</summary>
    public IReadOnlyDictionary<string, string> Files { get; }

    public static Task<RenderedStack> Of(string stack) => Known.GetOrAdd(stack, _ => new Lazy<Task<RenderedStack>>(() => RunAsync(stack))).Value;

    /// <summary>Contents of the files below a folder, by the rest of their path.</summary>
    public IReadOnlyDictionary<string, string> Under(string folder) => Files
        .Where(file => file.Key.StartsWith(folder + "/", StringComparison.Ordinal))
        .ToDictionary(file => file.Key[(folder.Length + 1)..], file => file.Value, StringComparer.Ordinal);

    private static async Task<RenderedStack> RunAsync(string stack)
    {
        var (graph, _) = await StackRun.OfAsync(stack);
        return new RenderedStack(graph, Render.Of(graph));
    }
}
