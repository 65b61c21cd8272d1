using HaCluster.Wire;

namespace Pulumi;

/// <summary>A collection of files: a folder, an archive file or a map of assets.</summary>
public abstract class Archive : AssetOrArchive
{
    private protected Archive(string propertyName, object value) : base(Signatures.Archive, propertyName, value)
    {
    }
}
