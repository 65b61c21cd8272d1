using Pulumi.Serialization;

namespace Pulumi;

/// <summary>An archive file to be fetched by the engine.</summary>
public sealed class RemoteArchive(string uri) : Archive(WireNames.Uri, uri);
