using System.Collections.Concurrent;
using HaCluster.Engine;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Rendering;
using HaCluster.Planning.Stacks;

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
        var project = ProjectFile.Find(Checkout.Root, fallback: null);
        var settings = StackSettings.Merge(project, stack, StackFile.ForStack(project, stack));
        var result = await EmbeddedEngine.RunAsync(new DeploymentRequest
        {
            Program = new ProgramStart("dotnet", [BuiltStack.Program], BuiltStack.Directory),
            Project = project.Name,
            Stack = stack,
            RootDirectory = project.Directory,
            Config = settings.Config,
            ConfigSecretKeys = settings.SecretKeys,
            Mode = RunMode.Simulated,
        });
        Assert.True(
            result.Outcome == ProgramOutcome.Succeeded,
            $"{stack}: {result.Outcome}\n{string.Join('\n', result.Diagnostics)}\n{string.Join('\n', result.ProgramOutput)}");
        return new RenderedStack(result.Graph, Render.Of(result.Graph));
    }
}
