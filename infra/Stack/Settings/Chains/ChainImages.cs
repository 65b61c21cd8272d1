using System.Text.RegularExpressions;
using HaCluster.Stack.Software;

namespace HaCluster.Stack.Settings.Chains;

/// <summary>Images of the chains (<c>ha-cluster:chains.images</c>): to try a release early, or to pull from a registry of one's own.</summary>
public sealed partial record ChainImages
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
            Btcd = Image(reader, "btcd", Pins.Btcd),
            Geth = Image(reader, "geth", Pins.Geth),
            Reth = Image(reader, "reth", Pins.Reth),
            Lighthouse = Image(reader, "lighthouse", Pins.Lighthouse),
            Sentinel = Image(reader, "sentinel", "") is { Length: > 0 } own ? own : null,
        };
        reader.Close();
        return images;
    }

    private static string Image(SettingsReader reader, string name, string fallback)
    {
        var image = reader.Text(name, fallback);
        if (image == fallback || (PinnedShape().IsMatch(image) && !image.EndsWith(":latest", StringComparison.Ordinal)))
            return image;

        reader.Problems.Add(
            reader.PathOf(name), $"\"{image}\"", "a restart after a failure must start the same program: name a version or a digest, such as registry.example/name:v1.2.3, and not latest");
        return fallback;
    }

    // https://github.com/distribution/reference: a tag after the last slash, or a digest.
    [GeneratedRegex(@"^[a-z0-9][a-zA-Z0-9.:_/-]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}|@sha256:[0-9a-f]{64})$")]
    private static partial Regex PinnedShape();
}
