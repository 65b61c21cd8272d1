using HaCluster.Stack.Software;

namespace HaCluster.Stack.Settings.Chains;

/// <summary>Images of the chains (<c>ha-cluster:chains.images</c>): to try a release early, or to pull from a registry of one's own.</summary>
public sealed record ChainImages
{
    public required string Btcd { get; init; }

    public required string Geth { get; init; }

    public required string Reth { get; init; }

    public required string Lighthouse { get; init; }

    /// <summary>Null for the one in the account's own registry.</summary>
    public required string? Sentinel { get; init; }

    public static ChainImages Read(SettingsReader reader)
    {
        var images = new ChainImages
        {
            Btcd = reader.Text("btcd", "Image of btcd, the Bitcoin node.", Pins.Btcd, Shapes.PinnedImage),
            Geth = reader.Text("geth", "Image of geth, an Ethereum execution client.", Pins.Geth, Shapes.PinnedImage),
            Reth = reader.Text("reth", "Image of reth, an Ethereum execution client.", Pins.Reth, Shapes.PinnedImage),
            Lighthouse = reader.Text("lighthouse", "Image of Lighthouse, the Ethereum consensus client.", Pins.Lighthouse, Shapes.PinnedImage),
            Sentinel = reader.Text(
                "sentinel",
                "Image of the sidecar that reports whether a node can serve. Empty: the image in the account's own registry.",
                "", Shapes.PinnedImage) is { Length: > 0 } own ? own : null,
        };
        reader.Close();
        return images;
    }
}
