using Pulumi.Serialization;

namespace Pulumi;

/// <summary>A folder or an archive file (tar, tgz, zip, jar).</summary>
public sealed class FileArchive(string path) : Archive(WireNames.Path, path);
