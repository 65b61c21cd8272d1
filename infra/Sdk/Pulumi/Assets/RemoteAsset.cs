using Pulumi.Serialization;

namespace Pulumi;

/// <summary>A file to be fetched by the engine (http, https or file).</summary>
public sealed class RemoteAsset(string uri) : Asset(WireNames.Uri, uri);
