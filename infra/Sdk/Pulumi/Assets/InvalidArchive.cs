using System.Collections.Immutable;
using Pulumi.Serialization;

namespace Pulumi;

/// <summary>Stands where the engine sent something else than the archive that the type asks for; cannot be sent back.</summary>
internal sealed class InvalidArchive() : Archive(WireNames.Assets, ImmutableDictionary<string, AssetOrArchive>.Empty);
