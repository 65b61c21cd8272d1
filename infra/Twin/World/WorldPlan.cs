using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Modelling;
using HaCluster.Planning.Rendering;
using HaCluster.Planning.Stacks;
using HaCluster.Simulation.Model;

namespace HaCluster.Twin.World;

/// <summary>What a world begins with.</summary>
/// <param name="Model">The cluster as the proof reads it.</param>
/// <param name="Objects">Its Kubernetes objects.</param>
/// <param name="Graph">The resources of AWS; null for a cluster that no program declares.</param>
public sealed record WorldPlan(ClusterModel Model, ImmutableArray<KubernetesObject> Objects, ResourceGraph? Graph = null)
{
    /// <param name="graph">Of a simulated run.</param>
    /// <exception cref="RefusedSettingsException">An objective names a workload that does not exist.</exception>
    /// <exception cref="UnreadableInputException">User data of a launch template is not valid.</exception>
    public static WorldPlan Of(ResourceGraph graph, StackSettings settings) => new(ClusterModelReader.Of(graph, settings), PlanObjects.Of(graph), graph);

    /// <summary>With further manifests.</summary>
    /// <exception cref="UnreadableInputException">A file cannot be read or understood.</exception>
    public WorldPlan With(string directory, string? @namespace, bool isRecursive) => this with
    {
        Model = ManifestModel.Add(Model, directory, @namespace, isRecursive),
        Objects = [.. Objects, .. PlanObjects.Of(directory, @namespace, isRecursive)],
    };
}

/// <summary>The settings of a world.</summary>
public sealed record WorldOptions
{
    /// <summary>The same seed gives the same world: names, addresses, ids and every random decision.</summary>
    public int Seed { get; init; }

    /// <summary>Whether AWS launches instances.</summary>
    public bool CanLaunch { get; init; } = true;

    /// <summary>How long a pod takes to end at most: chain nodes may have ten minutes, job runners an hour, and end much earlier.</summary>
    public TimeSpan LongestShutdown { get; init; } = TimeSpan.FromSeconds(30);
}
