using HaCluster.Wire;

namespace Pulumi;

/// <summary>A single file or blob.</summary>
public abstract class Asset : AssetOrArchive
{
    private protected Asset(string propertyName, object value) : base(Signatures.Asset, propertyName, value)
    {
    }
}
