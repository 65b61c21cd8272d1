using System.Collections.Immutable;
using HaCluster.Wire;
using Pulumi.Serialization;

namespace Pulumi;

/// <summary>A collection of files: a folder, an archive file or a map of assets.</summary>
public abstract class Archive : AssetOrArchive
{
    private protected Archive(string propertyName, object value) : base(Signatures.Archive, propertyName, value)
    {
    }
}

/// <summary>A folder or an archive file (tar, tgz, zip, jar).</summary>
public sealed class FileArchive(string path) : Archive(WireNames.Path, path);

/// <summary>An archive file to be fetched by the engine.</summary>
public sealed class RemoteArchive(string uri) : Archive(WireNames.Uri, uri);

/// <summary>A folder of assets and archives by name.</summary>
public sealed class AssetArchive(IDictionary<string, AssetOrArchive> assets) : Archive(WireNames.Assets, assets.ToImmutableDictionary());

/// <summary>Stands where the engine sent something else than the archive that the type asks for; cannot be sent back.</summary>
internal sealed class InvalidArchive() : Archive(WireNames.Assets, ImmutableDictionary<string, AssetOrArchive>.Empty);
