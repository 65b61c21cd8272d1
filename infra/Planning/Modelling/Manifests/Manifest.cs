using System.Collections.Immutable;
using HaCluster.Planning.Rendering;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Manifests;

/// <summary>An object of a file.</summary>
internal sealed record Manifest(KubernetesObject Object, Origin.File Place);

/// <summary>What a directory holds.</summary>
/// <param name="Manifests">Each object once.</param>
/// <param name="Aside">Directories that are no manifests but make some, and so were not read.</param>
/// <param name="Notes">What is worth knowing of them.</param>
internal sealed record ManifestSet(ImmutableArray<Manifest> Manifests, ImmutableArray<UnknownObject> Aside, ImmutableArray<ModelNote> Notes);
