using Pulumi.Serialization;

namespace Pulumi;

/// <summary>A file.</summary>
public sealed class FileAsset(string path) : Asset(WireNames.Path, path);
