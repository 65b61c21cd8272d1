using HaCluster.Wire;
using Pulumi.Serialization;

namespace Pulumi;

/// <summary>A single file or blob.</summary>
public abstract class Asset : AssetOrArchive
{
    private protected Asset(string propertyName, object value) : base(Signatures.Asset, propertyName, value)
    {
    }
}

/// <summary>A file.</summary>
public sealed class FileAsset(string path) : Asset(WireNames.Path, path);

/// <summary>A file with the given text.</summary>
public sealed class StringAsset(string text) : Asset(WireNames.Text, text);

/// <summary>A file to be fetched by the engine (http, https or file).</summary>
public sealed class RemoteAsset(string uri) : Asset(WireNames.Uri, uri);

/// <summary>Stands where the engine sent something else than the asset that the type asks for; cannot be sent back.</summary>
internal sealed class InvalidAsset() : Asset(WireNames.Text, "");
