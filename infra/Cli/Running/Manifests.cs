using HaCluster.Cli.Terminal;
using HaCluster.Planning.Modelling;
using HaCluster.Simulation.Model;

namespace HaCluster.Cli.Running;

/// <summary>Workloads of others that a command puts on the declared cluster.</summary>
/// <param name="Path">Directory or file; null for none.</param>
/// <param name="Namespace">Where objects go that name none; null for <c>default</c>.</param>
/// <param name="IsRecursive">Whether directories in the directory are read as well.</param>
internal sealed record Manifests(string? Path, string? Namespace, bool IsRecursive)
{
    /// <summary>As they are given on the command line.</summary>
    public string Options => (Path is null ? "" : $" --manifests {ShellWord.Of(Path)}") + (IsRecursive ? " -R" : "") + (Namespace is null ? "" : $" --namespace {Namespace}");

    public ClusterModel On(ClusterModel declared) => Path is null ? declared : ManifestModel.Add(declared, Path, Namespace, IsRecursive);
}
