using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Manifests;

/// <summary>An object of a file.</summary>
/// <param name="Place"><c>file:line</c>, with the number of the document where a file has several.</param>
internal sealed record Manifest(KubernetesObject Object, string Place);
