using System.Collections.Immutable;
using Pulumi.Serialization;

namespace Pulumi;

/// <summary>A folder of assets and archives by name.</summary>
public sealed class AssetArchive(IDictionary<string, AssetOrArchive> assets) : Archive(WireNames.Assets, assets.ToImmutableDictionary());
