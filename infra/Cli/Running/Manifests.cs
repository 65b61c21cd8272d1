using HaCluster.Cli.Terminal;
using HaCluster.Planning.Modelling;
using HaCluster.Simulation.Model;

namespace HaCluster.Cli.Running;

/// <summary>The manifests of further workloads that a command adds to the declared cluster.</summary>
/// <param name="Path">Directory or file; null for none.</param>
/// <param name="Namespace">The namespace of objects without a namespace; null for <c>default</c>.</param>
/// <param name="IsRecursive">Whether subdirectories are read as well.</param>
internal sealed record Manifests(string? Path, string? Namespace, bool IsRecursive)
{
    /// <summary>The same options as on the command line.</summary>
    public string Options => (Path is null ? "" : $" --manifests {ShellWord.Of(Path)}") + (IsRecursive ? " -R" : "") + (Namespace is null ? "" : $" --namespace {Namespace}");

    public ClusterModel On(ClusterModel declared) => Path is null ? declared : ManifestModel.Add(declared, Path, Namespace, IsRecursive);
}
