using System.Collections.Concurrent;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Modelling;
using HaCluster.Planning.Stacks;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Tests.Modelling;

/// <summary>The graph of a stack of this checkout, from a run of the program itself; made once a stack.</summary>
public sealed class RealPlan
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<RealPlan>>> Known = new(StringComparer.Ordinal);

    private RealPlan(ResourceGraph graph, StackSettings settings)
    {
        Graph = graph;
        Settings = settings;
        Model = ClusterModelReader.Of(graph, settings);
    }

    public ResourceGraph Graph { get; }

    public StackSettings Settings { get; }

    public ClusterModel Model { get; }

    public static Task<RealPlan> Of(string stack) => Known.GetOrAdd(stack, _ => new Lazy<Task<RealPlan>>(() => RunAsync(stack))).Value;

    private static async Task<RealPlan> RunAsync(string stack)
    {
        var (graph, settings) = await StackRun.OfAsync(stack);
        return new RealPlan(graph, settings);
    }
}
